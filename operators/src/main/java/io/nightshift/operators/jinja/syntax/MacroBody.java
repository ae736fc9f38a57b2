package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.RenderContext;

/**
 * A compiled macro without the frame that it was defined in.
 *
 * @param name empty for the body of a call block
 * @param frameSize number of slots of its frame
 * @param enter gives the variables of the body their first values
 * @param height how deep a call may nest
 */
record MacroBody(
    String name,
    MacroParameters parameters,
    int frameSize,
    Executor enter,
    Executor content,
    int height) {

  /** Runs the macro; returns what it wrote. */
  Object run(Frame frame) {
    RenderContext context = frame.context();
    context.enter(height);
    enter.execute(frame);
    for (int i = 0; i < parameters.names().size(); i++) {
      Slot slot = parameters.slots().get(i);
      if (frame.get(slot) == Missing.MISSING) {
        Evaluator value = parameters.defaults().get(i);
        frame.set(
            slot,
            value == null
                ? context.undefinedHint(
                    "parameter '" + parameters.names().get(i) + "' was not provided")
                : value.evaluate(frame));
      }
    }
    frame.rendering().capture();
    content.execute(frame);
    context.leave(height);
    return frame.rendering().captured();
  }
}
