package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arguments between the parentheses of a call, filter or test. */
final class ArgumentList extends Node {
  /** An argument with a name. */
  record Keyword(String name, Expression value) {}

  static final ArgumentList EMPTY = new ArgumentList(0, List.of(), List.of(), null, null);

  private final List<Expression> positional;
  private final List<Keyword> keywords;
  private final @Nullable Expression unpacked;
  private final @Nullable Expression unpackedKeywords;

  ArgumentList(
      int line,
      List<Expression> positional,
      List<Keyword> keywords,
      @Nullable Expression unpacked,
      @Nullable Expression unpackedKeywords) {
    super(
        line,
        Stream.of(
                positional.stream(),
                keywords.stream().map(Keyword::value),
                Stream.ofNullable(unpacked),
                Stream.ofNullable(unpackedKeywords))
            .flatMap(nodes -> nodes)
            .toList());
    this.positional = List.copyOf(positional);
    this.keywords = List.copyOf(keywords);
    this.unpacked = unpacked;
    this.unpackedKeywords = unpackedKeywords;
  }

  /** A compiled argument list. */
  @FunctionalInterface
  interface Binder {
    Arguments bind(Frame frame);
  }

  Binder compile(Scope scope) {
    Evaluator[] values = Expression.compileAll(positional, scope).toArray(Evaluator[]::new);
    if (keywords.isEmpty() && unpacked == null && unpackedKeywords == null) {
      return values.length == 0 ? frame -> Arguments.NONE : frame -> positional(values, frame);
    }
    Set<String> names = new HashSet<>();
    for (Keyword keyword : keywords) {
      if (!names.add(keyword.name())) {
        throw scope.error(line(), "keyword argument repeated: " + keyword.name());
      }
    }
    List<Evaluator> named = keywords.stream().map(k -> k.value().compile(scope)).toList();
    Evaluator rest = unpacked == null ? null : unpacked.compile(scope);
    Evaluator restNamed = unpackedKeywords == null ? null : unpackedKeywords.compile(scope);
    return frame -> {
      List<Object> all = new ArrayList<>(positional(values, frame).positional());
      Map<String, Object> byName = new LinkedHashMap<>();
      for (int i = 0; i < named.size(); i++) {
        byName.put(keywords.get(i).name(), named.get(i).evaluate(frame));
      }
      if (rest != null) {
        unpack(frame.context(), rest.evaluate(frame), all);
      }
      if (restNamed != null) {
        unpackKeywords(frame.context(), restNamed.evaluate(frame), byName);
      }
      return new Arguments(all, byName);
    };
  }

  private static Arguments positional(Evaluator[] evaluators, Frame frame) {
    Object[] values = new Object[evaluators.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = evaluators[i].evaluate(frame);
    }
    return new Arguments(List.of(values), Map.of());
  }

  private static void unpack(RenderContext context, Object value, List<Object> into) {
    Iterator<Object> iterator = Iteration.iterator(context, value);
    while (iterator.hasNext()) {
      into.add(iterator.next());
      context.budget().elements(1);
    }
  }

  private static void unpackKeywords(
      RenderContext context, Object value, Map<String, Object> into) {
    if (!(value instanceof Dict dict)) {
      throw EvaluationException.type(
          "argument after ** must be a mapping, not " + TypeNames.of(value));
    }
    for (Object key : dict.keys()) {
      if (!Values.isText(key)) {
        throw EvaluationException.type("keywords must be strings");
      }
      context.budget().elements(Dict.ELEMENTS_OF_ITEM);
      String name = Values.text(key);
      if (into.put(name, dict.get(key)) != null) {
        throw EvaluationException.type("got multiple values for keyword argument '" + name + "'");
      }
    }
  }
}
