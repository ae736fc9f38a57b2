package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.syntax.Executor.Signal;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A compiled loop.
 *
 * @param loopSlot of the variable {@code loop}, if the body uses it
 * @param height how deep a recursive call may nest
 */
record CompiledLoop(
    Assigner target,
    @Nullable Slot loopSlot,
    @Nullable LoopFilter filter,
    Body body,
    @Nullable Else otherwise,
    int height) {

  /**
   * The body of a loop.
   *
   * @param enter gives the variables of the body their first values
   * @param leave removes them after the last iteration
   */
  record Body(Executor enter, Executor content, Executor leave) {}

  /** What runs if no iteration did. */
  record Else(Executor enter, Executor body) {}

  /** How deep a recursive loop is nested, and how to render its items one level deeper. */
  record Level(int depth, LoopContext.Recursion recursion) {}

  /**
   * Runs the loop.
   *
   * @param items what it iterates over
   * @param level of recursion; null unless the loop is recursive
   */
  Signal run(Frame frame, Object items, @Nullable Level level) {
    RenderContext context = frame.context();
    Iterator<Object> iterator = Iteration.iterator(context, items);
    Object source = items;
    if (filter != null) {
      iterator = filter.select(frame, iterator);
      source = iterator;
    }
    LoopContext loop = null;
    if (loopSlot != null) {
      loop =
          new LoopContext(
              context,
              source,
              iterator,
              level == null ? 0 : level.depth(),
              level == null ? null : level.recursion());
      iterator = loop;
    }
    boolean finishedOne = false;
    while (iterator.hasNext()) {
      context.step();
      Object item = iterator.next();
      target.assign(frame, item);
      if (loopSlot != null && loop != null) {
        frame.set(loopSlot, loop);
      }
      body.enter().execute(frame);
      Signal signal = body.content().execute(frame);
      if (signal == Signal.BREAK) {
        break;
      }
      // Jinja runs the else block unless an iteration reached its end, which continue prevents.
      finishedOne |= signal == Signal.NEXT;
    }
    body.leave().execute(frame);
    if (otherwise != null && !finishedOne) {
      otherwise.enter().execute(frame);
      return otherwise.body().execute(frame);
    }
    return Signal.NEXT;
  }
}
