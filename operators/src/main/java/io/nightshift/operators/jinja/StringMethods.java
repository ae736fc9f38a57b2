package io.nightshift.operators.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class StringMethods {
  private static final Map<String, Method.Body> METHODS = new HashMap<>();

  static {
    mapped("upper", text -> text.toUpperCase(Locale.ROOT));
    mapped("lower", CaseChange::lower);
    mapped("casefold", CaseChange::fold);
    mapped("title", CaseChange::title);
    mapped("capitalize", CaseChange::capitalize);
    mapped("swapcase", CaseChange::swap);
    stripping("strip", true, true);
    stripping("lstrip", true, false);
    stripping("rstrip", false, true);
    METHODS.put("split", (context, self, arguments) -> split(self, arguments, false));
    METHODS.put("rsplit", (context, self, arguments) -> split(self, arguments, true));
    METHODS.put("splitlines", StringMethods::splitLines);
    METHODS.put("partition", (context, self, arguments) -> partition(self, arguments, false));
    METHODS.put("rpartition", (context, self, arguments) -> partition(self, arguments, true));
    METHODS.put("startswith", (context, self, arguments) -> hasAffix(self, arguments, true));
    METHODS.put("endswith", (context, self, arguments) -> hasAffix(self, arguments, false));
    METHODS.put("removeprefix", (context, self, arguments) -> without(self, arguments, true));
    METHODS.put("removesuffix", (context, self, arguments) -> without(self, arguments, false));
    METHODS.put("replace", StringMethods::replace);
    METHODS.put("join", StringMethods::join);
    METHODS.put("find", (context, self, arguments) -> find(self, arguments, false, false));
    METHODS.put("rfind", (context, self, arguments) -> find(self, arguments, true, false));
    METHODS.put("index", (context, self, arguments) -> find(self, arguments, false, true));
    METHODS.put("rindex", (context, self, arguments) -> find(self, arguments, true, true));
    METHODS.put("count", StringMethods::count);
    METHODS.put("ljust", (context, self, arguments) -> pad(context, self, arguments, 'l'));
    METHODS.put("rjust", (context, self, arguments) -> pad(context, self, arguments, 'r'));
    METHODS.put("center", (context, self, arguments) -> pad(context, self, arguments, 'c'));
    METHODS.put("zfill", StringMethods::zeroFill);
    METHODS.put("expandtabs", StringMethods::expandTabs);
    METHODS.put("encode", StringMethods::encode);
    METHODS.put("format", BraceFormat::format);
    METHODS.put("format_map", BraceFormat::formatMap);
    every("isdigit", NumericText::isDigit);
    every("isdecimal", Character::isDigit);
    every("isnumeric", NumericText::isNumeric);
    every("isalpha", Character::isLetter);
    every("isalnum", PythonText::isAlphanumeric);
    every("isspace", PythonText::isSpace);
    check("isascii", text -> text.codePoints().allMatch(c -> c < 128));
    check("isprintable", text -> text.codePoints().allMatch(PythonText::isPrintable));
    check("isidentifier", text -> !text.isEmpty() && PythonText.isIdentifier(text));
    check("isupper", CaseChange::isUpper);
    check("islower", CaseChange::isLower);
    check("istitle", CaseChange::isTitle);
  }

  private StringMethods() {}

  static Method.@Nullable Body find(String name) {
    return METHODS.get(name);
  }

  private static void mapped(String name, Function<String, String> function) {
    METHODS.put(
        name,
        (context, self, arguments) -> {
          arguments.bindPositional(name, 0);
          return Markup.like(self, function.apply(Values.text(self)));
        });
  }

  private static void check(String name, Predicate<String> predicate) {
    METHODS.put(
        name,
        (context, self, arguments) -> {
          arguments.bindPositional(name, 0);
          return predicate.test(Values.text(self));
        });
  }

  private static void every(String name, IntPredicate predicate) {
    check(name, text -> !text.isEmpty() && text.codePoints().allMatch(predicate));
  }

  private static void stripping(String name, boolean left, boolean right) {
    METHODS.put(
        name,
        (context, self, arguments) -> {
          Object chars = arguments.bindPositional(name, 0, "chars").get(0, None.NONE);
          return Markup.like(self, strip(Values.text(self), chars, left, right));
        });
  }

  /** The text without the given characters, or spaces where they are None, at its ends. */
  static String strip(String text, Object chars, boolean left, boolean right) {
    if (chars == None.NONE) {
      int end = right ? PythonText.rightTrimmed(text, text.length()) : text.length();
      int start = left ? Math.min(end, PythonText.leftTrimmed(text)) : 0;
      return text.substring(start, end);
    }
    String set = Values.requireText(chars);
    int start = 0;
    int end = text.length();
    while (left && start < end && set.indexOf(text.codePointAt(start)) >= 0) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && set.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static Object split(Object self, Arguments arguments, boolean fromRight) {
    Arguments.Bound bound = arguments.bind("split", 0, "sep", "maxsplit");
    Object separator = bound.get(0, None.NONE);
    long limit = bound.integer(1, -1);
    int most = limit < 0 ? Integer.MAX_VALUE : Numbers.clamp(limit);
    List<String> parts;
    if (separator == None.NONE) {
      parts = Splitting.atSpaces(Values.text(self), most, fromRight);
    } else {
      String text = Values.requireText(separator);
      if (text.isEmpty()) {
        throw EvaluationException.value("empty separator");
      }
      parts = Splitting.at(Values.text(self), text, most, fromRight);
    }
    return likeAll(self, parts);
  }

  private static Object splitLines(RenderContext context, Object self, Arguments arguments) {
    boolean keep = arguments.bind("splitlines", 0, "keepends").isTrue(0, false);
    return likeAll(self, Splitting.lines(Values.text(self), keep));
  }

  private static List<Object> likeAll(Object self, List<String> parts) {
    List<Object> all = new ArrayList<>(parts.size());
    parts.forEach(part -> all.add(Markup.like(self, part)));
    return all;
  }

  private static Object partition(Object self, Arguments arguments, boolean last) {
    String separator = arguments.bindPositional("partition", 1, "sep").text(0);
    if (separator.isEmpty()) {
      throw EvaluationException.value("empty separator");
    }
    String text = Values.text(self);
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    List<String> parts =
        at >= 0
            ? List.of(text.substring(0, at), separator, text.substring(at + separator.length()))
            : last ? List.of("", "", text) : List.of(text, "", "");
    return new Tuple(likeAll(self, parts));
  }

  private static boolean hasAffix(Object self, Arguments arguments, boolean prefix) {
    String name = prefix ? "startswith" : "endswith";
    Arguments.Bound bound = arguments.bindPositional(name, 1, "prefix", "start", "end");
    Region region = Region.of(Values.text(self), bound);
    String part = region.text();
    List<Object> affixes =
        bound.get(0) instanceof Tuple tuple ? tuple.items() : List.of(bound.get(0));
    for (Object affix : affixes) {
      if (!Values.isText(affix)) {
        if (affix instanceof Undefined undefined) {
          undefined.touch();
        }
        throw EvaluationException.type(
            name + " first arg must be str or a tuple of str, not " + Values.typeName(affix));
      }
      String candidate = Values.text(affix);
      if (region.exists() && (prefix ? part.startsWith(candidate) : part.endsWith(candidate))) {
        return true;
      }
    }
    return false;
  }

  private static Object without(Object self, Arguments arguments, boolean prefix) {
    String affix =
        arguments.bindPositional(prefix ? "removeprefix" : "removesuffix", 1, "affix").text(0);
    String text = Values.text(self);
    String rest = text;
    if (prefix && text.startsWith(affix)) {
      rest = text.substring(affix.length());
    } else if (!prefix && text.endsWith(affix)) {
      rest = text.substring(0, text.length() - affix.length());
    }
    return Markup.like(self, rest);
  }

  private static Object replace(RenderContext context, Object self, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("replace", 2, "old", "new", "count");
    bound.text(1);
    Object replacement =
        self instanceof Markup ? Markup.escape(context, bound.get(1)) : bound.get(1);
    return Markup.like(
        self,
        Splitting.replace(
            context,
            Values.text(self),
            bound.text(0),
            Values.text(replacement),
            bound.integer(2, -1)));
  }

  private static Object join(RenderContext context, Object self, Arguments arguments) {
    Object items = arguments.bindPositional("join", 1, "iterable").get(0);
    StringBuilder out = new StringBuilder();
    String separator = "";
    int index = 0;
    for (Object item : Iteration.list(context, items)) {
      if (!Values.isText(item) && !(self instanceof Markup)) {
        throw EvaluationException.type(
            "sequence item "
                + index
                + ": expected str instance, "
                + Values.typeName(item)
                + " found");
      }
      String text =
          self instanceof Markup ? Markup.escape(context, item).text() : Values.text(item);
      out.append(separator).append(text);
      context.checkSize(out.length());
      separator = Values.text(self);
      index++;
    }
    return Markup.like(self, out.toString());
  }

  private static Object find(Object self, Arguments arguments, boolean last, boolean mustExist) {
    Arguments.Bound bound = arguments.bindPositional("find", 1, "sub", "start", "end");
    String wanted = bound.text(0);
    Region region = Region.of(Values.text(self), bound);
    long found = -1;
    if (region.exists()) {
      String part = region.text();
      int at = last ? part.lastIndexOf(wanted) : part.indexOf(wanted);
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
    Region region = Region.of(Values.text(self), bound);
    if (!region.exists()) {
      return 0L;
    }
    String part = region.text();
    if (wanted.isEmpty()) {
      return PythonText.length(part) + 1L;
    }
    long count = 0;
    for (int i = part.indexOf(wanted); i >= 0; i = part.indexOf(wanted, i + wanted.length())) {
      count++;
    }
    return count;
  }

  private static Object pad(
      RenderContext context, Object self, Arguments arguments, char direction) {
    Arguments.Bound bound = arguments.bindPositional("justify", 1, "width", "fillchar");
    String fill = bound.has(1) ? bound.text(1) : " ";
    if (PythonText.length(fill) != 1) {
      throw EvaluationException.type("The fill character must be exactly one character long");
    }
    return Markup.like(self, pad(context, Values.text(self), bound.integer(0, 0), fill, direction));
  }

  /** Pads to a width: {@code direction} is l, r or c for text at the left, right or centre. */
  static String pad(RenderContext context, String text, long width, String fill, char direction) {
    long missing = width - PythonText.length(text);
    if (missing <= 0) {
      return text;
    }
    context.checkSize(width);
    int count = (int) missing;
    int left =
        switch (direction) {
          case 'l' -> 0;
          case 'r' -> count;
          // Where the padding is uneven, Python's center looks at the width to place the rest.
          default -> count / 2 + (int) (count & width & 1);
        };
    return fill.repeat(left) + text + fill.repeat(count - left);
  }

  private static Object zeroFill(RenderContext context, Object self, Arguments arguments) {
    long width = arguments.bindPositional("zfill", 1, "width").integer(0, 0);
    String text = Values.text(self);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = signed ? text.substring(1) : text;
    String padded = pad(context, digits, width - (signed ? 1 : 0), "0", 'r');
    return Markup.like(self, signed ? text.charAt(0) + padded : padded);
  }

  private static Object encode(RenderContext context, Object self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("encode", 0, "encoding");
    String encoding = bound.has(0) ? CaseChange.lower(bound.text(0)).replace("-", "") : "utf8";
    if (!encoding.equals("utf8")) {
      throw EvaluationException.value("encode knows utf-8 only, not " + bound.text(0));
    }
    return new Bytes(Values.text(self).getBytes(StandardCharsets.UTF_8));
  }

  private static Object expandTabs(RenderContext context, Object self, Arguments arguments) {
    long size = arguments.bind("expandtabs", 0, "tabsize").integer(0, 8);
    if (size != (int) size) {
      throw EvaluationException.value("Python int too large to convert to C int");
    }
    StringBuilder out = new StringBuilder();
    long column = 0;
    for (int c : Values.text(self).codePoints().toArray()) {
      if (c == '\t') {
        long spaces = size > 0 ? size - column % size : 0;
        context.checkSize(out.length() + spaces);
        out.append(" ".repeat((int) spaces));
        column += spaces;
      } else {
        out.appendCodePoint(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return Markup.like(self, out.toString());
  }
}
