package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.Bytes;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.HtmlEscaping;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.TextSearch;
import io.nightshift.operators.jinja.runtime.TrackedText;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class StringMethods {
  private static final Map<String, BoundMethod.Body> METHODS = new HashMap<>();

  static {
    mapped("upper", text -> text.toUpperCase(Locale.ROOT));
    mapped("lower", LetterCase::lower);
    mapped("casefold", LetterCase::fold);
    mapped("title", LetterCase::title);
    mapped("capitalize", LetterCase::capitalize);
    mapped("swapcase", LetterCase::swap);
    stripping("strip", true, true);
    stripping("lstrip", true, false);
    stripping("rstrip", false, true);
    METHODS.put("split", (context, self, arguments) -> split(context, self, arguments, false));
    METHODS.put("rsplit", (context, self, arguments) -> split(context, self, arguments, true));
    METHODS.put("splitlines", StringMethods::splitLines);
    METHODS.put("partition", (c, self, arguments) -> partition(c, self, arguments, false));
    METHODS.put("rpartition", (c, self, arguments) -> partition(c, self, arguments, true));
    METHODS.put("startswith", (c, self, arguments) -> hasAffix(c, self, arguments, true));
    METHODS.put("endswith", (c, self, arguments) -> hasAffix(c, self, arguments, false));
    METHODS.put("removeprefix", (c, self, arguments) -> without(c, self, arguments, true));
    METHODS.put("removesuffix", (c, self, arguments) -> without(c, self, arguments, false));
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
    check("isupper", LetterCase::isUpper);
    check("islower", LetterCase::isLower);
    check("istitle", LetterCase::isTitle);
  }

  private StringMethods() {}

  static BoundMethod.@Nullable Body find(String name) {
    return METHODS.get(name);
  }

  private static void mapped(String name, UnaryOperator<String> function) {
    METHODS.put(
        name,
        (context, self, arguments) -> {
          arguments.bindPositional(name, 0);
          return mapped(context, self, Values.content(self), function);
        });
  }

  /** Changes a text as a whole; the result is literal only if all of the text is. */
  static Object mapped(
      RenderContext context, Object kind, Object text, UnaryOperator<String> function) {
    String changed = function.apply(Values.text(text));
    context.budget().objects(1);
    context.budget().characters(changed.length());
    return Markup.like(kind, TrackedText.computed(text, changed));
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
          return strip(context, self, chars, left, right);
        });
  }

  /** The text without the given characters, or spaces where they are None, at its ends. */
  static Object strip(
      RenderContext context, Object self, Object chars, boolean left, boolean right) {
    String text = Values.text(self);
    int start = 0;
    int end = text.length();
    if (chars == None.NONE) {
      end = right ? PythonText.rightTrimmed(text, end) : end;
      start = left ? Math.min(end, PythonText.leftTrimmed(text)) : 0;
    } else {
      String given = Values.requireText(chars);
      context.budget().objects(given.length());
      Set<Integer> set = given.codePoints().boxed().collect(Collectors.toSet());
      while (left && start < end && set.contains(text.codePointAt(start))) {
        start += Character.charCount(text.codePointAt(start));
      }
      while (right && end > start && set.contains(text.codePointBefore(end))) {
        end -= Character.charCount(text.codePointBefore(end));
      }
    }
    boolean unchanged = start == 0 && end == text.length();
    return unchanged ? self : Splitting.part(context, self, start, end);
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

  private static Object replace(RenderContext context, Object self, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("replace", 2, "old", "new", "count");
    bound.text(1);
    Object replacement =
        self instanceof Markup ? HtmlEscaping.escape(context, bound.get(1)) : bound.get(1);
    return Markup.like(
        self, Splitting.replace(context, self, bound.text(0), replacement, bound.integer(2, -1)));
  }

  private static Object join(RenderContext context, Object self, Arguments arguments) {
    Object items = arguments.bindPositional("join", 1, "iterable").get(0);
    TextBuilder out = new TextBuilder(context);
    int index = 0;
    for (Object item : Iteration.list(context, items)) {
      if (!Values.isText(item) && !(self instanceof Markup)) {
        throw EvaluationException.type(
            "sequence item " + index + ": expected str instance, " + TypeNames.of(item) + " found");
      }
      if (index > 0) {
        out.appendText(self);
      }
      out.appendText(self instanceof Markup ? HtmlEscaping.escape(context, item) : item);
      index++;
    }
    return Markup.like(self, out.build());
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

  private static Object pad(
      RenderContext context, Object self, Arguments arguments, char direction) {
    Arguments.Bound bound = arguments.bindPositional("justify", 1, "width", "fillchar");
    Object fill = bound.has(1) ? Values.requireTextValue(bound.get(1)) : " ";
    if (Values.length(fill) != 1) {
      throw EvaluationException.type("The fill character must be exactly one character long");
    }
    return Markup.like(self, Padding.pad(context, self, bound.integer(0, 0), fill, direction));
  }

  private static Object zeroFill(RenderContext context, Object self, Arguments arguments) {
    long width = arguments.bindPositional("zfill", 1, "width").integer(0, 0);
    String text = Values.text(self);
    int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    return Markup.like(
        self,
        new TextBuilder(context)
            .appendText(self, 0, sign)
            .repeat("0", width - Values.length(self))
            .appendText(self, sign, text.length())
            .build());
  }

  private static Object encode(RenderContext context, Object self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("encode", 0, "encoding");
    String encoding = bound.has(0) ? LetterCase.lower(bound.text(0)).replace("-", "") : "utf8";
    if (!encoding.equals("utf8")) {
      throw EvaluationException.value("encode knows utf-8 only, not " + bound.text(0));
    }
    context.budget().characters(Values.size(self));
    return new Bytes(Values.text(self).getBytes(StandardCharsets.UTF_8));
  }

  private static Object expandTabs(RenderContext context, Object self, Arguments arguments) {
    long size = arguments.bind("expandtabs", 0, "tabsize").integer(0, 8);
    if (size != (int) size) {
      throw EvaluationException.value("Python int too large to convert to C int");
    }
    String text = Values.text(self);
    TextBuilder out = new TextBuilder(context);
    long column = 0;
    int next;
    for (int i = 0; i < text.length(); i = next) {
      int c = text.codePointAt(i);
      next = i + Character.charCount(c);
      if (c == '\t') {
        long spaces = size > 0 ? size - column % size : 0;
        out.repeat(" ", spaces);
        column += spaces;
      } else {
        out.appendText(self, i, next);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return Markup.like(self, out.build());
  }
}
