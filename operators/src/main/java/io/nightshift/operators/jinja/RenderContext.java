package io.nightshift.operators.jinja;

import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** One rendering: its variables, its output and what is left of its bounds. */
final class RenderContext {
  /** How many levels of nodes may be evaluated inside one another, over all open macro calls. */
  private static final int MAX_DEPTH = 1_500;

  /** What the call of a macro adds to the levels of its nodes. */
  private static final int CALL_HEIGHT = 10;

  /** What a generator counts for among these levels. */
  private static final int GENERATOR_HEIGHT = 10;

  private final TemplateOptions options;
  private final Map<String, ?> variables;
  private final Map<String, Object> converted = new HashMap<>();
  private final Budget budget;
  private final Deque<TextBuilder> captures = new ArrayDeque<>();
  private final TextBuilder output;
  private TextBuilder current;
  private int depth;

  RenderContext(TemplateOptions options, Map<String, ?> variables) {
    this.options = options;
    this.variables = variables;
    this.budget = new Budget(options);
    this.output = new TextBuilder(this);
    this.current = output;
  }

  /** What this rendering may still build and do. */
  Budget budget() {
    return budget;
  }

  /** The value of a variable, or of a global of that name, or {@link Frame#MISSING}. */
  Object resolve(String name) {
    Object known = converted.get(name);
    if (known != null) {
      return known;
    }
    Object value =
        variables.containsKey(name)
            ? Values.of(variables.get(name), budget)
            : Globals.find(name, Frame.MISSING);
    converted.put(name, value);
    return value;
  }

  /** The time that the template sees. */
  LocalDateTime now() {
    return LocalDateTime.now(options.clock());
  }

  /** Fails where the options refuse to write None. */
  void printNone() {
    if (options.refuseNone()) {
      throw EvaluationException.none();
    }
  }

  Undefined undefined(String name) {
    return undefinedHint(() -> "'" + name + "' is undefined");
  }

  /** An undefined value whose use fails with {@code hint}. */
  Undefined undefinedHint(String hint) {
    return undefinedHint(() -> hint);
  }

  private Undefined undefinedHint(Supplier<String> reason) {
    return new Undefined(reason, options.strictUndefined());
  }

  /** An undefined value that stands for a missing item or attribute of {@code object}. */
  Undefined missing(Object object, Object key) {
    return undefinedHint(
        () -> {
          String type = Values.typeDescription(object);
          String name = Representation.repr(this, key);
          return Values.isText(key)
              ? "'" + type + "' has no attribute " + name
              : type + " has no element " + name;
        });
  }

  /** Writes a text to the output, or to the innermost open capture. */
  void write(Object text) {
    current.appendText(text);
  }

  /** Starts to catch what is written. */
  void capture() {
    captures.push(current);
    current = new TextBuilder(this);
  }

  /** Ends the innermost capture and returns what was written since it began. */
  Object captured() {
    Object text = current.build();
    current = captures.pop();
    return text;
  }

  TemplateText output() {
    return output.buildOutput();
  }

  /** Counts a loop iteration, a call or an element that is looked at. */
  void step() {
    budget.step();
  }

  /** Notes a call of a macro whose tree of nodes is {@code height} levels high. */
  void enter(int height) {
    depth += height + CALL_HEIGHT;
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("macros or recursive loops call each other too deeply");
    }
  }

  /** Notes that a generator is asked for an item, which may ask another one. */
  void enterGenerator() {
    depth += GENERATOR_HEIGHT;
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("generators are nested too deeply");
    }
  }

  void leaveGenerator() {
    depth -= GENERATOR_HEIGHT;
  }

  /** Notes the return from such a call. */
  void leave(int height) {
    depth -= height + CALL_HEIGHT;
  }
}
