package io.nightshift.operators.jinja;

import java.time.Clock;
import java.time.ZoneId;

/**
 * The bounds of a rendering and what an undefined variable means. A template that crosses a bound
 * ends with a {@link TemplateException} that names it.
 *
 * @param strictUndefined whether printing, testing or comparing an undefined value is an error
 *     (Jinja's StrictUndefined); chat templates need {@code false}, templates over columns want
 *     {@code true}
 * @param refuseNone whether it is an error to print None, or to make it part of a text with a
 *     filter or {@code ~}; None inside a printed list or dict is none. Jinja itself writes {@code
 *     None}
 * @param maxCharacters the longest text, and the most elements of a list, that a template may build
 * @param maxSteps the most loop iterations and calls of one rendering
 * @param clock what {@code strftime_now} reads; a job that must render the same prompts tomorrow
 *     gives a fixed one
 */
public record TemplateOptions(
    boolean strictUndefined, boolean refuseNone, int maxCharacters, long maxSteps, Clock clock) {

  /** What chat templates are rendered with: lenient undefined values, generous bounds. */
  public static final TemplateOptions CHAT =
      new TemplateOptions(false, false, 64 << 20, 20_000_000, Clock.system(ZoneId.systemDefault()));

  /** As {@link #CHAT}, but undefined values are errors. */
  public static final TemplateOptions STRICT =
      new TemplateOptions(true, false, 64 << 20, 20_000_000, Clock.system(ZoneId.systemDefault()));

  /** What users' templates over columns are rendered with: a null in a prompt is an error, too. */
  public static final TemplateOptions COLUMNS =
      new TemplateOptions(true, true, 64 << 20, 20_000_000, Clock.system(ZoneId.systemDefault()));

  public TemplateOptions {
    if (maxCharacters < 1 || maxSteps < 1) {
      throw new IllegalArgumentException(
          "maxCharacters and maxSteps must be positive, not " + maxCharacters + " and " + maxSteps);
    }
  }

  /** The same options with another clock. */
  public TemplateOptions withClock(Clock other) {
    return new TemplateOptions(strictUndefined, refuseNone, maxCharacters, maxSteps, other);
  }

  /** The same options with other bounds. */
  public TemplateOptions withBounds(int characters, long steps) {
    return new TemplateOptions(strictUndefined, refuseNone, characters, steps, clock);
  }
}
