package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextSearch;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.Map;

/** The methods of Python's {@code str} that split a text. */
final class StringSplitMethods {
  private StringSplitMethods() {}

  static Map<String, BoundMethod.Body> all() {
    return Map.ofEntries(
        Map.entry("split", (c, s, a) -> split(c, s, a, false)),
        Map.entry("rsplit", (c, s, a) -> split(c, s, a, true)),
        Map.entry("splitlines", StringSplitMethods::splitLines),
        Map.entry("partition", (c, s, a) -> partition(c, s, a, false)),
        Map.entry("rpartition", (c, s, a) -> partition(c, s, a, true)));
  }

  private static Object split(
      RenderContext context, Object self, Arguments arguments, boolean fromRight) {
    Arguments.Bound bound = arguments.bind("split", 0, "sep", "maxsplit");
    Object separator = bound.get(0, None.NONE);
    long limit = bound.integer(1, -1);
    int most = limit < 0 ? Integer.MAX_VALUE : Numbers.clamp(limit);
    if (separator == None.NONE) {
      return Splitting.atSpaces(context, self, most, fromRight);
    }
    return Splitting.at(
        context, self, requireSeparator(Values.requireText(separator)), most, fromRight);
  }

  private static String requireSeparator(String separator) {
    if (separator.isEmpty()) {
      throw EvaluationException.value("empty separator");
    }
    return separator;
  }

  private static Object splitLines(RenderContext context, Object self, Arguments arguments) {
    boolean keep = arguments.bind("splitlines", 0, "keepends").isTrue(0, false);
    return Splitting.lines(context, self, keep);
  }

  private static Object partition(
      RenderContext context, Object self, Arguments arguments, boolean last) {
    Object separator = arguments.bindPositional("partition", 1, "sep").get(0);
    String wanted = requireSeparator(Values.requireText(separator));
    String text = Values.text(self);
    int at =
        last
            ? TextSearch.backward(wanted).before(text, text.length())
            : TextSearch.forward(wanted).in(text, 0);
    Object empty = Markup.like(self, "");
    if (at < 0) {
      return last ? Tuple.of(empty, empty, self) : Tuple.of(self, empty, empty);
    }
    return Tuple.of(
        Splitting.part(context, self, 0, at),
        Markup.like(self, Values.content(separator)),
        Splitting.part(context, self, at + wanted.length(), text.length()));
  }
}
