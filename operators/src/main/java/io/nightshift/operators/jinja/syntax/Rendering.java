package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.JavaValues;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import io.nightshift.operators.jinja.runtime.TrackedText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The variables and the output of one rendering. */
final class Rendering {
  private final RenderContext context;
  private final Builtins builtins;
  private final Map<String, ?> variables;
  private final Map<String, Object> converted = new HashMap<>();
  private final Deque<TextBuilder> captures = new ArrayDeque<>();
  private final TextBuilder output;

  private TextBuilder current;

  Rendering(RenderContext context, Builtins builtins, Map<String, ?> variables) {
    this.context = context;
    this.builtins = builtins;
    this.variables = variables;
    this.output = new TextBuilder(context);
    this.current = output;
  }

  RenderContext context() {
    return context;
  }

  /** The value of a variable, or of a global of that name, or {@link Missing#MISSING}. */
  Object resolve(String name) {
    Object known = converted.get(name);
    if (known != null) {
      return known;
    }
    Object value =
        variables.containsKey(name)
            ? JavaValues.convert(variables.get(name), context.budget())
            : global(name);
    converted.put(name, value);
    return value;
  }

  private Object global(String name) {
    Object global = builtins.global(name);
    return global == null ? Missing.MISSING : global;
  }

  /** Writes a text to the output, or to the innermost open capture. */
  void write(Object text) {
    current.appendText(text);
  }

  /** Starts to capture what is written. */
  void capture() {
    captures.push(current);
    current = new TextBuilder(context);
  }

  /** Ends the innermost capture and returns what was written since it began. */
  Object captured() {
    Object text = current.build();
    current = captures.pop();
    return text;
  }

  TrackedText output() {
    return output.buildOutput();
  }
}
