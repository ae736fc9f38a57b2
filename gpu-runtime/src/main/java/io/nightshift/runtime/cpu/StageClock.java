package io.nightshift.runtime.cpu;

/** One worker's time by stage. */
final class StageClock {
  private final long[] nanoseconds = new long[ForwardStage.values().length];
  private long last;

  /** Starts the clock. */
  void start() {
    last = System.nanoTime();
  }

  /** Adds the time since the last call, of this method or {@link #start}, to {@code stage}. */
  void spent(ForwardStage stage) {
    long now = System.nanoTime();
    nanoseconds[stage.ordinal()] += now - last;
    last = now;
  }

  long nanoseconds(ForwardStage stage) {
    return nanoseconds[stage.ordinal()];
  }
}
