package io.nightshift.operators.jinja.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * What remains of the bounds of one rendering. Everything that it builds counts, whether it is kept
 * or not, so that no expression can fill the heap. The weights approximate the memory of a
 * character, an element and an object.
 *
 * <p>The time is the thread's own: a row must not fail because the machine was busy or the garbage
 * collector ran. It is read every {@value #WORK_BETWEEN_READINGS} units of work, and not before, so
 * that rows that are rendered quickly never pay for it.
 */
public final class Budget {
  /** What a reference in a list, tuple or dict counts as, in characters. */
  private static final int ELEMENT = 4;

  /** What a small object counts as besides its characters or elements, in characters. */
  private static final int OBJECT = 32;

  /** Number of characters that a template may build for each character of its variables. */
  private static final int PER_GIVEN_CHARACTER = 8;

  /** Half of what a Java text can hold. */
  private static final long MOST_AVAILABLE = 1 << 30;

  private static final int WORK_BETWEEN_READINGS = 1 << 16;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean HAS_THREAD_TIME = THREADS.isCurrentThreadCpuTimeSupported();

  private final long maxCharacters;
  private final long maxSteps;
  private final Duration timeLimit;
  private long available;
  private long steps;
  private long untilReading = WORK_BETWEEN_READINGS;
  private boolean running;
  private long startedAt;

  /**
   * @param maxCharacters what may be built, besides what {@link #given} adds
   * @param maxSteps number of steps
   * @param timeLimit CPU time of the thread
   */
  public Budget(long maxCharacters, long maxSteps, Duration timeLimit) {
    this.maxCharacters = maxCharacters;
    this.maxSteps = maxSteps;
    this.timeLimit = timeLimit;
    this.available = maxCharacters;
  }

  /** Notes a variable of so many characters, in proportion to which a template may build more. */
  void given(long characters) {
    available = Math.min(MOST_AVAILABLE, available + PER_GIVEN_CHARACTER * characters);
  }

  /** Counts a loop iteration, a call or an element that is looked at. */
  public void step() {
    if (++steps > maxSteps) {
      throw EvaluationException.limit(
          "the template takes more than " + maxSteps + " steps; shorten its loops");
    }
    work(1);
  }

  /** Counts characters or elements that are looked at; only the time is bounded by it. */
  public void work(long amount) {
    untilReading -= amount;
    if (untilReading <= 0) {
      readClock();
    }
  }

  /** Counts characters, before they are built. */
  public void characters(long count) {
    available -= count;
    if (available < 0 || count < 0) {
      throw EvaluationException.limit(
          "the template builds more than "
              + maxCharacters
              + " characters or elements in one rendering; shorten its loops and repetitions");
    }
    work(count);
  }

  /** Counts a list, tuple or dict of so many references, before it is built. */
  public void list(long size) {
    characters(OBJECT + ELEMENT * Math.min(size, Integer.MAX_VALUE));
  }

  /** Counts references that are added to a list. */
  public void elements(long count) {
    characters(ELEMENT * Math.min(count, Integer.MAX_VALUE));
  }

  /** Counts small objects: characters that are texts of their own, pairs, generators. */
  public void objects(long count) {
    characters(OBJECT * Math.min(count, Integer.MAX_VALUE));
  }

  private void readClock() {
    untilReading = WORK_BETWEEN_READINGS;
    long now = HAS_THREAD_TIME ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    if (!running) {
      running = true;
      startedAt = now;
    } else if (now - startedAt > timeLimit.toNanos()) {
      throw EvaluationException.limit(
          "the template takes more than " + timeLimit.toMillis() + " ms; shorten its loops");
    }
  }
}
