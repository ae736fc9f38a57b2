package io.nightshift.operators.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja's filters by name. */
final class Filters {
  private static final Map<String, Filter> FILTERS = new HashMap<>();

  static {
    FILTERS.putAll(TextFilters.all());
    FILTERS.putAll(SequenceFilters.all());
    FILTERS.putAll(SelectionFilters.all());
    FILTERS.putAll(NumberFilters.all());
    FILTERS.put("tojson", Json::filter);
    FILTERS.put("default", Filters::defaultValue);
    FILTERS.put("d", Filters::defaultValue);
    FILTERS.put("attr", Filters::attribute);
  }

  private Filters() {}

  static @Nullable Filter find(String name) {
    return FILTERS.get(name);
  }

  private static Object defaultValue(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", 0, "default_value", "boolean");
    boolean missing =
        value instanceof Undefined || (bound.isTrue(1, false) && !Values.isTrue(value));
    return missing ? bound.get(0, "") : value;
  }

  private static Object attribute(RenderContext context, Object value, Arguments arguments) {
    String name = arguments.bind("attr", 1, "name").text(0);
    Object attribute = value instanceof Undefined ? null : Attributes.find(context, value, name);
    return attribute == null ? context.missing(value, name) : attribute;
  }
}
