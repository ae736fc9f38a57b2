package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextSearch;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.List;
import java.util.Map;

/** The methods of Python's {@code str} that search a text for another one. */
final class StringSearchMethods {
  private StringSearchMethods() {}

  static Map<String, BoundMethod.Body> all() {
    return Map.ofEntries(
        Map.entry("startswith", (c, s, a) -> hasAffix(c, s, a, true)),
        Map.entry("endswith", (c, s, a) -> hasAffix(c, s, a, false)),
        Map.entry("removeprefix", (c, s, a) -> without(c, s, a, true)),
        Map.entry("removesuffix", (c, s, a) -> without(c, s, a, false)),
        Map.entry("find", (c, s, a) -> find(s, a, false, false)),
        Map.entry("rfind", (c, s, a) -> find(s, a, true, false)),
        Map.entry("index", (c, s, a) -> find(s, a, false, true)),
        Map.entry("rindex", (c, s, a) -> find(s, a, true, true)),
        Map.entry("count", StringSearchMethods::count));
  }

  private static boolean hasAffix(
      RenderContext context, Object self, Arguments arguments, boolean prefix) {
    String name = prefix ? "startswith" : "endswith";
    Arguments.Bound bound = arguments.bindPositional(name, 1, "prefix", "start", "end");
    SearchRegion region = SearchRegion.of(Values.text(self), bound);
    String part = region.text();
    List<Object> affixes =
        bound.get(0) instanceof Tuple tuple ? tuple.items() : List.of(bound.get(0));
    for (Object affix : affixes) {
      if (!Values.isText(affix)) {
        if (affix instanceof Undefined undefined) {
          undefined.touch();
        }
        throw EvaluationException.type(
            name + " first arg must be str or a tuple of str, not " + TypeNames.of(affix));
      }
      String candidate = Values.text(affix);
      context.budget().work(candidate.length());
      if (region.exists() && (prefix ? part.startsWith(candidate) : part.endsWith(candidate))) {
        return true;
      }
    }
    return false;
  }

  private static Object without(
      RenderContext context, Object self, Arguments arguments, boolean prefix) {
    String affix =
        arguments.bindPositional(prefix ? "removeprefix" : "removesuffix", 1, "affix").text(0);
    String text = Values.text(self);
    if (prefix && text.startsWith(affix)) {
      return Splitting.part(context, self, affix.length(), text.length());
    }
    if (!prefix && text.endsWith(affix)) {
      return Splitting.part(context, self, 0, text.length() - affix.length());
    }
    return self;
  }

  private static Object find(Object self, Arguments arguments, boolean last, boolean mustExist) {
    Arguments.Bound bound = arguments.bindPositional("find", 1, "sub", "start", "end");
    String wanted = bound.text(0);
    SearchRegion region = SearchRegion.of(Values.text(self), bound);
    long found = -1;
    if (region.exists()) {
      String part = region.text();
      int at =
          last
              ? TextSearch.backward(wanted).before(part, part.length())
              : TextSearch.forward(wanted).in(part, 0);
      found = at < 0 ? -1 : region.start() + part.codePointCount(0, at);
    }
    if (found < 0 && mustExist) {
      throw EvaluationException.value("substring not found");
    }
    return found;
  }

  private static Object count(RenderContext context, Object self, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("count", 1, "sub", "start", "end");
    String wanted = bound.text(0);
    SearchRegion region = SearchRegion.of(Values.text(self), bound);
    if (!region.exists()) {
      return 0L;
    }
    String part = region.text();
    if (wanted.isEmpty()) {
      return PythonText.length(part) + 1L;
    }
    long count = 0;
    TextSearch search = TextSearch.forward(wanted);
    for (int i = search.in(part, 0); i >= 0; i = search.in(part, i + wanted.length())) {
      count++;
    }
    return count;
  }
}
