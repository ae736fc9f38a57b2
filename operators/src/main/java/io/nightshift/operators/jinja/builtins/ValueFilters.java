package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.MemberAccess;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.Map;

/** Filters on values of any type. */
final class ValueFilters {
  private ValueFilters() {}

  static Map<String, Filter> all() {
    return Map.of(
        "default", ValueFilters::defaultValue,
        "d", ValueFilters::defaultValue,
        "attr", ValueFilters::attribute,
        "tojson", JsonWriter::filter);
  }

  private static Object defaultValue(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", 0, "default_value", "boolean");
    boolean missing =
        value instanceof Undefined || (bound.isTrue(1, false) && !Values.isTrue(value));
    return missing ? bound.get(0, "") : value;
  }

  private static Object attribute(RenderContext context, Object value, Arguments arguments) {
    String name = arguments.bind("attr", 1, "name").text(0);
    Object attribute = value instanceof Undefined ? null : context.attribute(value, name);
    return attribute == null ? MemberAccess.missing(context, value, name) : attribute;
  }
}
