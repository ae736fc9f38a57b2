package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelConfig;

/**
 * Activations that the workers of a step share: f32 matrices with a row for each token of the
 * largest step, and some more rows, because kernels compute rounded numbers of rows.
 */
final class Activations implements AutoCloseable {
  /** Rows beyond those of a step that kernels may write. */
  static final int SPARE_ROWS = 32;

  private final int rows;
  private final long groupBytes;
  private final NativeMemory residualMemory;
  private final NativeMemory logitsResidualMemory;
  private final NativeMemory queriesMemory;
  private final NativeMemory attentionMemory;
  private final NativeMemory normedMemory;
  private final ExpertActivations experts;
  private final NativeRows residual;
  private final NativeRows logitsResidual;
  private final NativeRows attention;
  private final NativeRows normed;

  Activations(ModelConfig config, int maxStepTokens) {
    rows = maxStepTokens + SPARE_ROWS;
    int hidden = config.hiddenSize();
    int queries = config.attention().queryWidth();
    groupBytes = (long) queries / config.attention().keyValueHeads() * Float.BYTES;
    residualMemory = allocate(hidden, "the residual stream");
    logitsResidualMemory = allocate(hidden, "the last layer's residual stream");
    queriesMemory = allocate(queries, "queries");
    attentionMemory = allocate(queries, "attention output");
    normedMemory = allocate(hidden, "normed rows");
    experts = new ExpertActivations(config, maxStepTokens);
    residual = NativeRows.of(residualMemory, hidden);
    logitsResidual = NativeRows.of(logitsResidualMemory, hidden);
    attention = NativeRows.of(attentionMemory, queries);
    normed = NativeRows.of(normedMemory, hidden);
  }

  private NativeMemory allocate(int columns, String purpose) {
    return NativeMemory.allocate((long) rows * columns * Float.BYTES, purpose);
  }

  /** Native bytes for steps of up to {@code maxStepTokens} tokens. */
  static long bytes(ModelConfig config, int maxStepTokens) {
    long queries = config.attention().queryWidth();
    return (3L * config.hiddenSize() + 2 * queries)
            * Float.BYTES
            * ((long) maxStepTokens + SPARE_ROWS)
        + ExpertActivations.bytes(config, maxStepTokens);
  }

  /** The residual stream of all tokens. */
  NativeRows residual() {
    return residual;
  }

  /** The residual stream of the logits rows, in the last layer. */
  NativeRows logitsResidual() {
    return logitsResidual;
  }

  /**
   * Address of the queries of one row that share a key and value head: {@code group * headSize}
   * floats. The next row's queries for this head follow them.
   */
  long queries(int keyValueHead, int row) {
    return queriesMemory.address() + ((long) keyValueHead * rows + row) * groupBytes;
  }

  /** Attention output, a row of all query heads. */
  NativeRows attention() {
    return attention;
  }

  /** Bytes of the query heads that share a key and value head, in one row. */
  long groupBytes() {
    return groupBytes;
  }

  /** What experts read; at the end of a step, the logits rows after the final norm. */
  NativeRows normed() {
    return normed;
  }

  /** The memory of {@link #normed}. */
  NativeMemory normedMemory() {
    return normedMemory;
  }

  /** What only mixtures of experts need. */
  ExpertActivations experts() {
    return experts;
  }

  @Override
  public void close() {
    residualMemory.close();
    logitsResidualMemory.close();
    queriesMemory.close();
    attentionMemory.close();
    normedMemory.close();
    experts.close();
  }
}
