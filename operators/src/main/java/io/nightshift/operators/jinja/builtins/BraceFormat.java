package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.HtmlEscaping;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.MemberAccess;
import io.nightshift.operators.jinja.runtime.Quoting;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Values;
import org.jspecify.annotations.Nullable;

/** {@code str.format}: fields in braces, whose attributes and items the sandbox looks up. */
final class BraceFormat {
  private static final int MAX_NESTING = 2;

  private final RenderContext context;
  private final Object self;
  private final Arguments arguments;
  private final @Nullable Dict mapping;
  private int automatic;
  private boolean numbered;

  private BraceFormat(
      RenderContext context, Object self, Arguments arguments, @Nullable Dict mapping) {
    this.context = context;
    this.self = self;
    this.arguments = arguments;
    this.mapping = mapping;
  }

  static Object format(RenderContext context, Object self, Arguments arguments) {
    BraceFormat format = new BraceFormat(context, self, arguments, null);
    return Markup.like(self, format.expand(Values.content(self), MAX_NESTING));
  }

  static Object formatMap(RenderContext context, Object self, Arguments arguments) {
    Object mapping = arguments.bindPositional("format_map", 1, "mapping").get(0);
    if (!(mapping instanceof Dict dict)) {
      throw EvaluationException.type("format_map() needs a dict");
    }
    BraceFormat format = new BraceFormat(context, self, Arguments.NONE, dict);
    return Markup.like(self, format.expand(Values.content(self), MAX_NESTING));
  }

  private Object expand(Object source, int nesting) {
    String pattern = Values.text(source);
    if (nesting <= 0) {
      throw EvaluationException.value("Max string recursion exceeded");
    }
    TextBuilder out = new TextBuilder(context);
    int i = 0;
    while (i < pattern.length()) {
      char c = pattern.charAt(i);
      boolean doubled = i + 1 < pattern.length() && pattern.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && doubled) {
        out.appendText(source, i, i + 1);
        i += 2;
      } else if (c == '{') {
        int end = fieldEnd(pattern, i + 1);
        out.appendText(field(pattern.substring(i + 1, end), nesting));
        i = end + 1;
      } else if (c == '}') {
        throw EvaluationException.value("Single '}' encountered in format string");
      } else {
        out.appendText(source, i, i + 1);
        i++;
      }
    }
    return out.build();
  }

  private static int fieldEnd(String pattern, int from) {
    int open = 1;
    boolean inKey = false;
    for (int i = from; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '[' && open == 1) {
        inKey = true;
      } else if (c == ']') {
        inKey = false;
      } else if (c == '{' && !inKey) {
        open++;
      } else if (c == '}' && !inKey && --open == 0) {
        return i;
      }
    }
    throw EvaluationException.value(
        from == pattern.length()
            ? "Single '{' encountered in format string"
            : "expected '}' before end of string");
  }

  private Object field(String field, int nesting) {
    context.step();
    int nameEnd = 0;
    boolean inKey = false;
    while (nameEnd < field.length()
        && (inKey || (field.charAt(nameEnd) != ':' && field.charAt(nameEnd) != '!'))) {
      inKey = field.charAt(nameEnd) == '[' || (inKey && field.charAt(nameEnd) != ']');
      nameEnd++;
    }
    Object value = lookUp(field.substring(0, nameEnd));
    String rest = field.substring(nameEnd);
    if (rest.startsWith("!")) {
      if (rest.length() < 2 || (rest.length() > 2 && rest.charAt(2) != ':')) {
        throw EvaluationException.value("expected ':' after conversion specifier");
      }
      value = convert(rest.charAt(1), value);
      rest = rest.substring(2);
    }
    String specification =
        rest.startsWith(":") ? Values.text(expand(rest.substring(1), nesting - 1)) : "";
    if (self instanceof Markup) {
      return value instanceof Markup markup && specification.isEmpty()
          ? markup.content()
          : HtmlEscaping.escape(context, FormatSpec.format(context, value, specification))
              .content();
    }
    return FormatSpec.format(context, value, specification);
  }

  private Object convert(char conversion, Object value) {
    return switch (conversion) {
      case 's' -> Representation.string(context, value);
      case 'r' -> Representation.repr(context, value);
      case 'a' -> PercentConversion.ascii(context, Representation.repr(context, value));
      default ->
          throw EvaluationException.value("Unknown conversion specifier '" + conversion + "'");
    };
  }

  private Object lookUp(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    Object value = first(name.substring(0, end));
    while (end < name.length()) {
      int start = end + 1;
      if (name.charAt(end) == '.') {
        end = start;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
          end++;
        }
        value = MemberAccess.attribute(context, value, part(name, start, end));
      } else {
        end = name.indexOf(']', start);
        if (end < 0) {
          throw EvaluationException.value("Missing ']' in format string");
        }
        String key = part(name, start, end);
        value =
            MemberAccess.item(context, value, isNumber(key) ? (Object) Long.parseLong(key) : key);
        end++;
        if (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
          throw EvaluationException.value(
              "Only '.' or '[' may follow ']' in format field specifier");
        }
      }
    }
    return value;
  }

  private static String part(String name, int start, int end) {
    if (start == end) {
      throw EvaluationException.value("Empty attribute in format string");
    }
    return name.substring(start, end);
  }

  private Object first(String name) {
    if (name.isEmpty() || isNumber(name)) {
      if (name.isEmpty() ? numbered : automatic > 0) {
        throw EvaluationException.value(
            "cannot switch between manual field specification and automatic field numbering");
      }
      numbered |= !name.isEmpty();
      long index = name.isEmpty() ? automatic++ : Long.parseLong(name);
      if (index >= arguments.positional().size()) {
        throw EvaluationException.value(
            "Replacement index " + index + " out of range for positional args tuple");
      }
      return arguments.positional().get((int) index);
    }
    Object value = mapping == null ? arguments.named().get(name) : mapping.get(name);
    if (value == null) {
      throw EvaluationException.value("the format has no value for " + Quoting.quote(name));
    }
    return value;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 9
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
