package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepLayout;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Whole rows of logits in host memory, one for each kept row of the step. */
final class CudaLogits implements AutoCloseable {
  private final CudaDevice device;
  private final int vocabularySize;
  private @Nullable PinnedMemory memory;

  CudaLogits(CudaDevice device, int vocabularySize) {
    this.device = device;
    this.vocabularySize = vocabularySize;
  }

  /** Makes room for the rows of a step; larger than any step before, it allocates. */
  void reserve(int rows) {
    int bytes = Math.toIntExact((long) rows * vocabularySize * Float.BYTES);
    if (memory == null || memory.bytes() < bytes) {
      close();
      memory = new PinnedMemory(device, bytes);
    }
  }

  /** Puts the copy of {@code count} rows into the stream. */
  void copy(CudaStream stream, long source, int first, int count) {
    long rowBytes = (long) vocabularySize * Float.BYTES;
    stream.copyToHost(source, reserved(), first * rowBytes, count * rowBytes);
  }

  private PinnedMemory reserved() {
    if (memory == null) {
      throw new IllegalStateException("no room was reserved for logits");
    }
    return memory;
  }

  /** The rows of a step, once their copies are over. */
  Logits of(StepLayout layout) {
    return new Rows(layout, reserved().buffer().asFloatBuffer());
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }

  private final class Rows extends HostLogits {
    private final StepLayout layout;
    private final FloatBuffer logits;

    Rows(StepLayout layout, FloatBuffer logits) {
      super(layout.logits(), vocabularySize);
      this.layout = layout;
      this.logits = logits;
    }

    @Override
    public void readRow(int row, float[] target) {
      logits.get(layout.requestRow(row) * vocabularySize, target, 0, vocabularySize);
    }

    @Override
    public float logit(int row, int column) {
      return logits.get(layout.requestRow(row) * vocabularySize + column);
    }
  }
}
