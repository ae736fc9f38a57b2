package io.nightshift.job.cluster;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A model runner held to a speed, with a tally of what it has computed: a file that grows by one
 * byte for each sequence whose logits were asked for. With answers of one token, that is a row.
 */
final class PacedRunner implements ModelRunner {
  /** The speed of a runner whose device fails at once. */
  static final double BROKEN = -1;

  private final ModelRunner runner;
  private final double rowsPerSecond;
  private final FileChannel tally;
  private final Path released;
  private long nextStep = System.nanoTime();

  /**
   * Takes ownership of {@code runner}.
   *
   * @param tally file to append to; several processes share it
   * @param released from when this file exists, steps take the time they take
   */
  PacedRunner(ModelRunner runner, double rowsPerSecond, Path tally, Path released)
      throws IOException {
    this.runner = runner;
    this.rowsPerSecond = rowsPerSecond;
    this.tally = FileChannel.open(tally, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    this.released = released;
  }

  @Override
  public Logits run(StepBatch batch) {
    if (rowsPerSecond == BROKEN) {
      throw new DeviceException("the device of this test fails");
    }
    Logits logits = runner.run(batch);
    int rows = rows(batch);
    if (!Files.exists(released)) {
      long duration = (long) (rows * TimeUnit.SECONDS.toNanos(1) / rowsPerSecond);
      nextStep = Math.max(nextStep, System.nanoTime()) + duration;
      LockSupport.parkNanos(nextStep - System.nanoTime());
    }
    try {
      tally.write(ByteBuffer.allocate(rows));
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

  @Override
  public ModelConfig config() {
    return runner.config();
  }

  @Override
  public int blockSize() {
    return runner.blockSize();
  }

  @Override
  public int blockCount() {
    return runner.blockCount();
  }

  @Override
  public int maxStepTokens() {
    return runner.maxStepTokens();
  }

  @Override
  public void close() {
    runner.close();
    try {
      tally.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
