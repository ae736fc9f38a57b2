package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/** All texts of a grammar up to a number of bytes, found by writing them down. */
final class Texts {
  private Texts() {}

  /** Texts of a rule of at most {@code limit} bytes. */
  static Set<String> of(ValueRule rule, int limit) {
    Set<String> texts = new TreeSet<>();
    if (limit > 0) {
      for (Alternative alternative : rule.alternatives()) {
        texts.addAll(of(alternative, limit));
      }
    }
    return texts;
  }

  private static Set<String> of(Alternative alternative, int limit) {
    Set<String> texts = new TreeSet<>();
    if (alternative instanceof LiteralAlternative literal) {
      texts.add(literal.text());
    } else if (alternative instanceof NumberAlternative number) {
      words(number.text(), 0, "", limit, texts);
    } else if (alternative instanceof StringAlternative string) {
      for (String content : contents(string.content(), limit)) {
        int length = content.codePointCount(0, content.length());
        if (string.minLength() <= length && length <= string.maxLength()) {
          texts.add(quote(content));
        }
      }
    } else if (alternative instanceof ArrayAlternative array) {
      addArrays(array, new ArrayList<>(), 0, "[", limit, texts);
    } else if (alternative instanceof ObjectAlternative object) {
      addObjects(object, 0, new HashSet<>(), "{", limit, texts);
    }
    texts.removeIf(text -> bytes(text) > limit);
    return texts;
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Set<String> contents(Automaton content, int limit) {
    Set<String> words = new TreeSet<>();
    words(content, 0, "", limit - 2, words);
    return words;
  }

  private static void words(
      Automaton automaton, int state, String prefix, int limit, Set<String> words) {
    if (bytes(prefix) > limit) {
      return;
    }
    if (automaton.isAccept(state)) {
      words.add(prefix);
    }
    Transition transition = new Transition();
    int count = automaton.getNumTransitions(state);
    for (int i = 0; i < count; i++) {
      automaton.getTransition(state, i, transition);
      for (int c = transition.min; c <= transition.max; c++) {
        words(automaton, transition.dest, prefix + Character.toString(c), limit, words);
      }
    }
  }

  private static String quote(String content) {
    StringBuilder text = new StringBuilder("\"");
    for (char c : content.toCharArray()) {
      text.append(
          switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                c < ' '
                    ? "\\u00" + (c < 16 ? "0" : "1") + "0123456789abcdef".charAt(c % 16)
                    : "" + c;
          });
    }
    return text.append('"').toString();
  }

  private static void addArrays(
      ArrayAlternative array,
      List<String> items,
      int matching,
      String text,
      int limit,
      Set<String> texts) {
    if (bytes(text) + 1 > limit) {
      return;
    }
    int size = items.size();
    if (size >= array.minItems()
        && size <= array.maxItems()
        && matching >= array.minContains()
        && matching <= array.maxContains()
        && (!array.uniqueItems() || values(items).size() == size)) {
      texts.add(text + "]");
    }
    if (size == array.maxItems()) {
      return;
    }
    ArrayAlternative.Item item =
        size < array.prefix().size() ? array.prefix().get(size) : array.rest();
    String before = size == 0 ? text : text + ",";
    int rest = limit - bytes(before) - 1;
    for (boolean counts : new boolean[] {true, false}) {
      for (String value : of(counts ? item.matching() : item.other(), rest)) {
        List<String> longer = new ArrayList<>(items);
        longer.add(value);
        addArrays(array, longer, matching + (counts ? 1 : 0), before + value, limit, texts);
      }
    }
  }

  private static Set<Object> values(List<String> items) {
    Set<Object> values = new HashSet<>();
    for (String item : items) {
      boolean number = item.matches("-?[0-9].*");
      values.add(number ? new BigDecimal(item).stripTrailingZeros() : item);
    }
    return values;
  }

  private static void addObjects(
      ObjectAlternative object,
      int next,
      Set<String> names,
      String text,
      int limit,
      Set<String> texts) {
    if (bytes(text) + 1 > limit) {
      return;
    }
    boolean complete =
        object.properties().stream().skip(next).noneMatch(ObjectAlternative.Property::required);
    int count = names.size();
    if (complete && count >= object.minProperties() && count <= object.maxProperties()) {
      texts.add(text + "}");
    }
    String before = count == 0 ? text : text + ",";
    if (next < object.properties().size()) {
      ObjectAlternative.Property property = object.properties().get(next);
      if (!property.required()) {
        addObjects(object, next + 1, names, text, limit, texts);
      }
      addProperties(
          object, next + 1, names, before, property.name(), property.value(), limit, texts);
      return;
    }
    for (ObjectAlternative.Additional kind : object.additional()) {
      for (String name : contents(kind.names(), limit - bytes(before) - 3)) {
        if (!names.contains(name)) {
          addProperties(object, next, names, before, name, kind.value(), limit, texts);
        }
      }
    }
  }

  private static void addProperties(
      ObjectAlternative object,
      int next,
      Set<String> names,
      String before,
      String name,
      ValueRule rule,
      int limit,
      Set<String> texts) {
    Set<String> more = new HashSet<>(names);
    more.add(name);
    String property = before + quote(name) + ":";
    for (String value : of(rule, limit - bytes(property) - 1)) {
      addObjects(object, next, more, property + value, limit, texts);
    }
  }
}
