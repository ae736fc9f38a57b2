package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Markup;
import io.nightshift.operators.jinja.runtime.MemberAccess;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The {@code attribute} arguments of filters: {@code "author.name"}, {@code 0}. */
final class AttributePath {
  private AttributePath() {}

  /** Looks a path up; None is the path of the item itself. */
  static Function<Object, Object> getter(RenderContext context, Object path) {
    return getter(context, path, None.NONE);
  }

  /** The same with a value, unless None, for what is undefined on the way. */
  static Function<Object, Object> getter(RenderContext context, Object path, Object fallback) {
    List<Object> parts = parts(path);
    return item -> {
      Object value = item;
      for (Object part : parts) {
        context.step();
        value = MemberAccess.item(context, value, part);
        if (value instanceof Undefined && fallback != None.NONE) {
          value = fallback;
        }
      }
      return value;
    };
  }

  /** Looks up several paths that commas separate; yields a list, which orders as Python's. */
  static Function<Object, Object> multiGetter(
      RenderContext context, Object paths, boolean caseSensitive) {
    List<Function<Object, Object>> getters = new ArrayList<>();
    if (Values.isText(paths)) {
      for (String path : Values.text(paths).split(",", -1)) {
        getters.add(getter(context, path));
      }
    } else {
      getters.add(getter(context, paths));
    }
    return item -> {
      List<Object> values = new ArrayList<>(getters.size());
      getters.forEach(getter -> values.add(fold(getter.apply(item), caseSensitive)));
      return values;
    };
  }

  /** A text in lower case, unless case counts. */
  static Object fold(Object value, boolean caseSensitive) {
    return !caseSensitive && Values.isText(value)
        ? Markup.like(value, LetterCase.lower(Values.text(value)))
        : value;
  }

  private static List<Object> parts(Object path) {
    if (path == None.NONE) {
      return List.of();
    }
    if (!Values.isText(path)) {
      return List.of(path);
    }
    List<Object> parts = new ArrayList<>();
    for (String part : Values.text(path).split("\\.", -1)) {
      boolean number = !part.isEmpty() && part.chars().allMatch(Character::isDigit);
      parts.add(number ? NumberConversion.integer(part, 10) : part);
    }
    return parts;
  }
}
