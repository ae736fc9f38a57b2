package io.nightshift.runtime.cpu;

/** Adds up one worker's time by stage. */
final class StageClock {
  private final long[] nanoseconds = new long[ForwardStage.values().length];
  private long last;

  /** Time begins to count. */
  void start() {
    last = System.nanoTime();
  }

  /** The time since the last call was spent in {@code stage}. */
  void spent(ForwardStage stage) {
    long now = System.nanoTime();
    nanoseconds[stage.ordinal()] += now - last;
    last = now;
  }

  long nanoseconds(ForwardStage stage) {
    return nanoseconds[stage.ordinal()];
  }
}
