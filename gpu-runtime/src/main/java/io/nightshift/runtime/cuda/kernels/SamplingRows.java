package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.sampling.SamplingParameters;
import java.nio.ByteBuffer;

/** Writes the parameters of rows as {@code sample_tokens} of {@code sampling.cu} reads them. */
public final class SamplingRows {
  /** Bytes of a row. */
  public static final int BYTES = 64;

  /** In place of the index of a bit set, if the row has none. */
  public static final int NO_BIT_SET = -1;

  private SamplingRows() {}

  /**
   * Writes one row at the buffer's position.
   *
   * @param target little-endian
   * @param outputPosition number of output tokens so far
   * @param seenTokens index of the bit set of the tokens in prompt and output, for the repetition
   *     penalty; or {@link #NO_BIT_SET}
   * @param allowedTokens index of the bit set of the allowed tokens; or {@link #NO_BIT_SET}
   */
  public static void put(
      ByteBuffer target,
      SamplingParameters parameters,
      int outputPosition,
      int seenTokens,
      int allowedTokens) {
    target
        .putDouble(parameters.temperature())
        .putDouble(parameters.topP())
        .putDouble(parameters.minP())
        .putDouble(parameters.repetitionPenalty())
        .putLong(parameters.seed())
        .putInt(parameters.topK())
        .putInt(outputPosition)
        .putInt(seenTokens)
        .putInt(allowedTokens)
        .putInt(parameters.topLogprobs())
        .putInt(0);
  }
}
