package io.nightshift.operators.jinja;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;

/**
 * The bounds of a rendering and what an undefined variable means. A template that crosses a bound
 * ends with a {@link TemplateException} that names it.
 *
 * @param strictUndefined whether printing, testing or comparing an undefined value is an error
 *     (Jinja's StrictUndefined); chat templates need {@code false}, templates over columns want
 *     {@code true}
 * @param refuseNone whether it is an error to print None, or to make it part of a text with a
 *     filter or {@code ~}; None inside a printed list or dict is not an error. Jinja itself writes
 *     {@code None}
 * @param maxCharacters maximum number of characters that one rendering may build, whether it keeps
 *     them or not, besides 8 for each character of the variables that it reads; an element of a
 *     list counts as 4 characters, each text, list, dict or pair as 32 more
 * @param maxSteps maximum number of loop iterations, calls and comparisons of one rendering
 * @param timeLimit maximum time that the thread may compute for one rendering; not looked at before
 *     some 100,000 steps or characters
 * @param clock what {@code strftime_now} reads; a job that must render the same prompts tomorrow
 *     gives a fixed one
 */
public record TemplateOptions(
    boolean strictUndefined,
    boolean refuseNone,
    int maxCharacters,
    long maxSteps,
    Duration timeLimit,
    Clock clock) {

  private static final int MAX_CHARACTERS = 16 << 20;
  private static final long MAX_STEPS = 20_000_000;
  private static final Duration TIME_LIMIT = Duration.ofSeconds(1);

  /** What chat templates are rendered with: lenient undefined values, generous bounds. */
  public static final TemplateOptions CHAT = of(false, false);

  /** As {@link #CHAT}, but undefined values are errors. */
  public static final TemplateOptions STRICT = of(true, false);

  /** What users' templates over columns are rendered with: a null in a prompt is an error, too. */
  public static final TemplateOptions COLUMNS = of(true, true);

  public TemplateOptions {
    if (maxCharacters < 1 || maxSteps < 1) {
      throw new IllegalArgumentException(
          "maxCharacters and maxSteps must be positive, not " + maxCharacters + " and " + maxSteps);
    }
  }

  private static TemplateOptions of(boolean strictUndefined, boolean refuseNone) {
    return new TemplateOptions(
        strictUndefined,
        refuseNone,
        MAX_CHARACTERS,
        MAX_STEPS,
        TIME_LIMIT,
        Clock.system(ZoneId.systemDefault()));
  }

  /** The same options with another clock. */
  public TemplateOptions withClock(Clock other) {
    return new TemplateOptions(
        strictUndefined, refuseNone, maxCharacters, maxSteps, timeLimit, other);
  }

  /** The same options with other bounds. */
  public TemplateOptions withBounds(int characters, long steps) {
    return new TemplateOptions(strictUndefined, refuseNone, characters, steps, timeLimit, clock);
  }

  /** The same options with another limit of time. */
  public TemplateOptions withTimeLimit(Duration limit) {
    return new TemplateOptions(strictUndefined, refuseNone, maxCharacters, maxSteps, limit, clock);
  }
}
