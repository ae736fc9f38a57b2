package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.HtmlEscaping;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters on texts; other values are taken by their text. */
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final int TRUNCATE_LEEWAY = 5;

  private TextFilters() {}

  static Map<String, Filter> all() {
    return Map.ofEntries(
        Map.entry("upper", mapped("upper", text -> text.toUpperCase(Locale.ROOT))),
        Map.entry("lower", mapped("lower", LetterCase::lower)),
        Map.entry("capitalize", mapped("capitalize", LetterCase::capitalize)),
        Map.entry("title", mapped("title", TextFilters::title)),
        Map.entry("string", TextFilters::string),
        Map.entry("safe", (c, v, a) -> markup(c, v)),
        Map.entry("e", (c, v, a) -> HtmlEscaping.escape(c, v)),
        Map.entry("escape", (c, v, a) -> HtmlEscaping.escape(c, v)),
        Map.entry("forceescape", (c, v, a) -> HtmlEscaping.escape(c, Representation.string(c, v))),
        Map.entry("striptags", (c, v, a) -> TagStripping.stripTags(c, Representation.string(c, v))),
        Map.entry("trim", TextFilters::trim),
        Map.entry("replace", TextFilters::replace),
        Map.entry("indent", TextFilters::indent),
        Map.entry("truncate", TextFilters::truncate),
        Map.entry("wordcount", TextFilters::wordCount),
        Map.entry("wordwrap", WordWrap::filter),
        Map.entry("center", TextFilters::center),
        Map.entry("format", TextFilters::format),
        Map.entry("urlencode", TextFilters::urlEncode));
  }

  private static Filter mapped(String name, UnaryOperator<String> function) {
    return (context, value, arguments) -> {
      arguments.bindPositional(name, 0);
      return StringMethods.mapped(context, value, Representation.string(context, value), function);
    };
  }

  private static Object string(RenderContext context, Object value, Arguments arguments) {
    return Values.isText(value) ? value : Representation.string(context, value);
  }

  private static Object markup(RenderContext context, Object value) {
    return value instanceof Markup ? value : new Markup(Representation.string(context, value));
  }

  /** Unlike the method {@code str.title}, starts words only after spaces, dashes and brackets. */
  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int end = i;
      boolean separator = isWordSeparator(text.charAt(i));
      while (end < text.length() && isWordSeparator(text.charAt(end)) == separator) {
        end++;
      }
      String item = text.substring(i, end);
      int first = Character.charCount(item.codePointAt(0));
      out.append(item.substring(0, first).toUpperCase(Locale.ROOT));
      out.append(LetterCase.lower(item.substring(first)));
      i = end;
    }
    return out.toString();
  }

  private static boolean isWordSeparator(char c) {
    return "-({[<".indexOf(c) >= 0 || PythonText.isSpace(c);
  }

  private static Object trim(RenderContext context, Object value, Arguments arguments) {
    Object chars = arguments.bind("trim", 0, "chars").get(0, None.NONE);
    Object text = string(context, value, Arguments.NONE);
    return StringMethods.strip(context, text, chars, true, true);
  }

  private static Object replace(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", 2, "old", "new", "count");
    long count = bound.get(2, None.NONE) == None.NONE ? -1 : bound.integer(2, -1);
    return Splitting.replace(
        context,
        Representation.string(context, value),
        Representation.text(context, bound.get(0)),
        Representation.string(context, bound.get(1)),
        count);
  }

  private static Object indent(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", 0, "width", "first", "blank");
    Object width = bound.get(0, 4L);
    boolean blank = bound.isTrue(2, false);
    Object indention =
        Values.isText(width)
            ? Values.content(width)
            : new TextBuilder(context).repeat(" ", Numbers.index(width)).build();
    if (!Values.isText(value)) {
      throw value instanceof Undefined undefined
          ? undefined.error()
          : EvaluationException.type("indent: expected str, got " + TypeNames.of(value));
    }
    TextBuilder out = new TextBuilder(context);
    out.appendText(bound.isTrue(1, false) ? indention : "");
    Object terminated = new TextBuilder(context).appendText(value).append('\n').build();
    boolean begin = true;
    for (Object line : Splitting.lines(context, terminated, false)) {
      if (!begin) {
        out.append('\n').appendText(blank || !Values.text(line).isEmpty() ? indention : "");
      }
      out.appendText(line);
      begin = false;
    }
    return Markup.like(value, out.build());
  }

  private static Object truncate(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
    long length = bound.integer(0, 255);
    Object end = bound.has(2) ? Values.requireTextValue(bound.get(2)) : "...";
    long leeway =
        bound.get(3, None.NONE) == None.NONE ? TRUNCATE_LEEWAY : bound.integer(3, TRUNCATE_LEEWAY);
    int endLength = Values.length(end);
    if (length < endLength) {
      throw EvaluationException.value("expected length >= " + endLength + ", got " + length);
    }
    if (leeway < 0) {
      throw EvaluationException.value("expected leeway >= 0, got " + leeway);
    }
    if (Values.length(value) <= length + leeway) {
      return value;
    }
    String text = Values.requireText(value);
    int cut = text.offsetByCodePoints(0, (int) length - endLength);
    int blank = cut == 0 ? -1 : text.lastIndexOf(' ', cut - 1);
    int kept = bound.isTrue(1, false) || blank < 0 ? cut : blank;
    return Markup.like(
        value, new TextBuilder(context).appendText(value, 0, kept).appendText(end).build());
  }

  private static Object wordCount(RenderContext context, Object value, Arguments arguments) {
    long count = 0;
    Matcher words = WORD.matcher(Representation.text(context, value));
    while (words.find()) {
      count++;
    }
    return count;
  }

  private static Object center(RenderContext context, Object value, Arguments arguments) {
    long width = arguments.bind("center", 0, "width").integer(0, 80);
    Object text = Representation.string(context, value);
    return Markup.like(value, StringPaddingMethods.pad(context, text, width, " ", 'c'));
  }

  private static Object format(RenderContext context, Object value, Arguments arguments) {
    if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
      throw EvaluationException.type(
          "can't handle positional and keyword arguments at the same time");
    }
    Object values;
    if (arguments.named().isEmpty()) {
      values = new Tuple(arguments.positional());
    } else {
      Dict dict = new Dict();
      arguments.named().forEach(dict::put);
      values = dict;
    }
    return PercentFormat.format(context, string(context, value, Arguments.NONE), values);
  }

  private static Object urlEncode(RenderContext context, Object value, Arguments arguments) {
    if (Values.isText(value) || !Iteration.isIterable(value)) {
      TextBuilder out = new TextBuilder(context);
      quote(Representation.text(context, value), "/", out);
      return out.build();
    }
    List<Object> items =
        value instanceof Dict dict ? dict.items(context.budget()) : Iteration.list(context, value);
    TextBuilder out = new TextBuilder(context);
    for (Object item : items) {
      List<Object> pair = Iteration.list(context, item);
      if (pair.size() != 2) {
        throw EvaluationException.value("urlencode needs pairs of a key and a value");
      }
      out.append(out.length() > 0 ? "&" : "");
      quote(Representation.text(context, pair.get(0)), " ", out);
      out.append('=');
      quote(Representation.text(context, pair.get(1)), " ", out);
    }
    return out.build();
  }

  /** Escapes what is neither a letter or digit nor {@code safe}; a safe space becomes a plus. */
  private static void quote(String text, String safe, TextBuilder out) {
    HexFormat hex = HexFormat.of().withUpperCase();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 128 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0)) {
        out.append(c);
      } else if (safe.indexOf(c) >= 0) {
        out.append(c == ' ' ? '+' : c);
      } else {
        out.append('%').append(hex.toHexDigits(b));
      }
    }
  }
}
