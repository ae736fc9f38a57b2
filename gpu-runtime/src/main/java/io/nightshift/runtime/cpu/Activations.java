package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelConfig;

/**
 * What the workers of a step share: f32 matrices with a row for each token of the largest step, and
 * some rows more, since kernels come in rounded sizes.
 */
final class Activations implements AutoCloseable {
  private static final int SPARE_ROWS = 32;

  private final int rows;
  private final long hiddenBytes;
  private final long headBytes;
  private final long queryBytes;
  private final int groups;
  private final NativeMemory residual;
  private final NativeMemory logitsResidual;
  private final NativeMemory queries;
  private final NativeMemory attention;
  private final NativeMemory normed;

  Activations(ModelConfig config, int maxStepTokens) {
    rows = maxStepTokens + SPARE_ROWS;
    groups = config.keyValueHeads();
    hiddenBytes = (long) config.hiddenSize() * Float.BYTES;
    queryBytes = (long) config.attentionHeads() * config.headSize() * Float.BYTES;
    headBytes = queryBytes / groups;
    residual = NativeMemory.allocate(rows * hiddenBytes, "the residual stream");
    logitsResidual = NativeMemory.allocate(rows * hiddenBytes, "the last layer's residual stream");
    queries = NativeMemory.allocate(rows * queryBytes, "queries");
    attention = NativeMemory.allocate(rows * queryBytes, "attention output");
    normed = NativeMemory.allocate(rows * hiddenBytes, "the last norm's output");
  }

  static long bytes(ModelConfig config, int maxStepTokens) {
    long queries = (long) config.attentionHeads() * config.headSize();
    return (3L * config.hiddenSize() + 2 * queries)
        * Float.BYTES
        * ((long) maxStepTokens + SPARE_ROWS);
  }

  /** A row of the residual stream: that of all tokens, or that of the last layer's rows. */
  long residual(boolean logitsRows, int row) {
    return (logitsRows ? logitsResidual : residual).address() + row * hiddenBytes;
  }

  /** Queries of one row for one key and value head: {@code group * headSize} floats. */
  long queries(int head, int row) {
    return queries.address() + ((long) head * rows + row) * headBytes;
  }

  /** Attention output of one row, all heads. */
  long attention(int row) {
    return attention.address() + row * queryBytes;
  }

  /** Bytes from one row of attention output to the next. */
  long attentionStride() {
    return queryBytes;
  }

  /** Bytes of one head's group in a row of queries or attention output. */
  long groupBytes() {
    return headBytes;
  }

  /** A row after the last norm. */
  long normed(int row) {
    return normed.address() + row * hiddenBytes;
  }

  @Override
  public void close() {
    residual.close();
    logitsResidual.close();
    queries.close();
    attention.close();
    normed.close();
  }
}
