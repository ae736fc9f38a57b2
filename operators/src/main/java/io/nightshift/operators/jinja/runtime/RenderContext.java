package io.nightshift.operators.jinja.runtime;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all code of one rendering shares: its bounds, and how it treats undefined values and None.
 */
public final class RenderContext {
  /** Maximum number of nested levels of nodes under evaluation, over all open macro calls. */
  private static final int MAX_DEPTH = 1_500;

  /** What the call of a macro adds to the levels of its nodes. */
  private static final int CALL_HEIGHT = 10;

  /** What a generator counts for among these levels. */
  private static final int GENERATOR_HEIGHT = 10;

  private final AttributeLookup attributes;
  private final Budget budget;
  private final boolean strictUndefined;
  private final boolean refuseNone;
  private final Clock clock;

  private int depth;

  /**
   * @param strictUndefined whether printing, testing or comparing an undefined value is an error
   * @param refuseNone whether writing None is an error
   * @param clock the time that the template sees
   */
  public RenderContext(
      AttributeLookup attributes,
      Budget budget,
      boolean strictUndefined,
      boolean refuseNone,
      Clock clock) {
    this.attributes = attributes;
    this.budget = budget;
    this.strictUndefined = strictUndefined;
    this.refuseNone = refuseNone;
    this.clock = clock;
  }

  /**
   * Finds an attribute or method of a value.
   *
   * @return null if there is no such attribute; an undefined value if the sandbox refuses it
   */
  public @Nullable Object attribute(Object object, String name) {
    return attributes.attribute(this, object, name);
  }

  /** What remains of the bounds of this rendering. */
  public Budget budget() {
    return budget;
  }

  /** The current time for the template. */
  public LocalDateTime now() {
    return LocalDateTime.now(clock);
  }

  /** Fails if the options refuse to write None. */
  void printNone() {
    if (refuseNone) {
      throw EvaluationException.none();
    }
  }

  public Undefined undefined(String name) {
    return undefinedHint(() -> "'" + name + "' is undefined");
  }

  /** An undefined value whose use fails with {@code hint}. */
  public Undefined undefinedHint(String hint) {
    return undefinedHint(() -> hint);
  }

  /** An undefined value whose use fails with what {@code reason} says then. */
  public Undefined undefinedHint(Supplier<String> reason) {
    return new Undefined(reason, strictUndefined);
  }

  /** Counts a loop iteration, a call or an element that is looked at. */
  public void step() {
    budget.step();
  }

  /** Notes a call of a macro whose tree of nodes is {@code height} levels high. */
  public void enter(int height) {
    depth += height + CALL_HEIGHT;
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("macros or recursive loops call each other too deeply");
    }
  }

  /** Notes that a generator is asked for an item, which may ask another one. */
  public void enterGenerator() {
    depth += GENERATOR_HEIGHT;
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("generators are nested too deeply");
    }
  }

  public void leaveGenerator() {
    depth -= GENERATOR_HEIGHT;
  }

  /** Notes the return from such a call. */
  public void leave(int height) {
    depth -= height + CALL_HEIGHT;
  }
}
