package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.Filter;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.ValueTest;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja's own filters, tests and globals, and the methods of Python's types. */
public final class StandardBuiltins implements Builtins {
  private final Map<String, Filter> filters = new HashMap<>();
  private final Map<String, ValueTest> tests = new HashMap<>();

  public StandardBuiltins() {
    filters.putAll(ValueFilters.all());
    filters.putAll(TextFilters.all());
    filters.putAll(NumberFilters.all());
    filters.putAll(SequenceFilters.all());
    filters.putAll(GroupingFilters.all());
    filters.putAll(new SelectionFilters(this).all());
    tests.putAll(ValueTests.all());
    tests.put("filter", (c, v, a) -> Values.isText(v) && filter(Values.text(v)) != null);
    tests.put("test", (c, v, a) -> Values.isText(v) && test(Values.text(v)) != null);
  }

  @Override
  public @Nullable Filter filter(String name) {
    return filters.get(name);
  }

  @Override
  public @Nullable ValueTest test(String name) {
    return tests.get(name);
  }

  @Override
  public @Nullable Object global(String name) {
    return Globals.find(name);
  }

  @Override
  public boolean isGlobal(String name) {
    return Globals.contains(name);
  }

  @Override
  public boolean isDictMethod(String name) {
    return Attributes.isOfDict(name);
  }

  @Override
  public @Nullable Object attribute(RenderContext context, Object object, String name) {
    return Attributes.find(context, object, name);
  }

  @Override
  public Object format(RenderContext context, Object pattern, Object arguments) {
    return PercentFormat.format(context, pattern, arguments);
  }
}
