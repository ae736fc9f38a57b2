package io.nightshift.job.cluster;

import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A model runner held to a speed, which counts each sequence whose logits were asked for. With
 * answers of one token, that is a row.
 */
final class PacedRunner extends ForwardingModelRunner {
  /** The speed of a runner whose device fails at once. */
  static final double BROKEN = -1;

  private final double rowsPerSecond;
  private final Tally tally;
  private long nextStep = System.nanoTime();

  /**
   * Takes ownership of {@code runner}.
   *
   * @param tally of what was computed; once it is released, steps take the time they take
   */
  PacedRunner(ModelRunner runner, double rowsPerSecond, Tally tally) {
    super(runner);
    this.rowsPerSecond = rowsPerSecond;
    this.tally = tally;
  }

  @Override
  public Logits run(StepBatch batch) {
    if (rowsPerSecond == BROKEN) {
      throw new DeviceException("the device of this test fails");
    }
    try {
      if (tally.losesDevice()) {
        throw new DeviceLostException("the device of this test is lost");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long began = System.currentTimeMillis();
    Logits logits = runner.run(batch);
    int rows = rows(batch);
    if (!tally.isReleased()) {
      long duration = (long) (rows * TimeUnit.SECONDS.toNanos(1) / rowsPerSecond);
      nextStep = Math.max(nextStep, System.nanoTime()) + duration;
      LockSupport.parkNanos(nextStep - System.nanoTime());
    }
    try {
      tally.add(rows, began);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return logits;
  }

  private static int rows(StepBatch batch) {
    int rows = 0;
    int first = 0;
    for (StepSequence sequence : batch.sequences()) {
      int begin = first;
      int end = first + sequence.tokens().length;
      first = end;
      if (batch.logits().stream().anyMatch(row -> row.token() >= begin && row.token() < end)) {
        rows++;
      }
    }
    return rows;
  }
}
