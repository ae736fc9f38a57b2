package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.Bytes;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.HtmlEscaping;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.PythonText;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.TrackedText;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Values;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
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
    METHODS.putAll(StringSplitMethods.all());
    METHODS.putAll(StringSearchMethods.all());
    METHODS.putAll(StringPaddingMethods.all());
    METHODS.put("replace", StringMethods::replace);
    METHODS.put("join", StringMethods::join);
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

  /** The text without the given characters, or spaces if they are None, at its ends. */
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

  private static Object encode(RenderContext context, Object self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("encode", 0, "encoding");
    String encoding = bound.has(0) ? LetterCase.lower(bound.text(0)).replace("-", "") : "utf8";
    if (!encoding.equals("utf8")) {
      throw EvaluationException.value("encode knows utf-8 only, not " + bound.text(0));
    }
    context.budget().characters(Values.size(self));
    return new Bytes(Values.text(self).getBytes(StandardCharsets.UTF_8));
  }
}
