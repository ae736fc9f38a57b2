package io.nightshift.job.progress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Rates over the last half minute of a stage: short enough to follow a change, long enough not to
 * flicker with every batch.
 */
final class ProgressRates {
  private static final Duration WINDOW = Duration.ofSeconds(30);

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Adds a snapshot at a time that never decreases; a new stage resets the rates. */
  void add(Duration time, ProgressSnapshot snapshot) {
    if (!samples.isEmpty() && samples.getLast().snapshot.stage() != snapshot.stage()) {
      samples.clear();
    }
    samples.addLast(new Sample(time, snapshot));
    while (samples.size() > 2 && samples.getFirst().time.plus(WINDOW).compareTo(time) < 0) {
      samples.removeFirst();
    }
  }

  double rowsPerSecond() {
    return seconds() == 0
        ? 0
        : (last().rowsDone() - samples.getFirst().snapshot.rowsDone()) / seconds();
  }

  double tokensPerSecond() {
    return seconds() == 0
        ? 0
        : (last().tokens().total() - samples.getFirst().snapshot.tokens().total()) / seconds();
  }

  /** The time that the stage's remaining rows take at this rate, if both are known. */
  Optional<Duration> timeLeft() {
    double rate = rowsPerSecond();
    if (last().rowsTotal().isEmpty() || rate <= 0) {
      return Optional.empty();
    }
    long rowsLeft = last().rowsTotal().getAsLong() - last().rowsDone();
    return Optional.of(Duration.ofMillis((long) (1000 * rowsLeft / rate)));
  }

  private ProgressSnapshot last() {
    return samples.getLast().snapshot;
  }

  private double seconds() {
    return samples.getLast().time.minus(samples.getFirst().time).toMillis() / 1000.0;
  }

  private record Sample(Duration time, ProgressSnapshot snapshot) {}
}
