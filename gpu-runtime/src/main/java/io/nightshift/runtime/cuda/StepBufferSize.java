package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.kernels.AttentionPlan;
import io.nightshift.runtime.cuda.kernels.SamplingRows;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceException;

/**
 * Maximum size of a step's inputs. Most lists are bounded by the tokens of a step. Block tables,
 * trees and bit sets of tokens are not: many sequences may share a long prefix. So there is room
 * for a fixed amount of these, which the engine does not exceed ({@link
 * io.nightshift.runtime.runner.ModelRunner#maxStepInputs}).
 */
final class StepBufferSize {
  /** Block tables of a thousand contexts of 131,072 tokens in blocks of 16: 32 MiB. */
  private static final long MIN_STEP_INPUTS = 8L << 20;

  /** Alignment of a list, in ints. */
  private static final int ALIGNMENT = 4;

  private StepBufferSize() {}

  /** Ints for all block tables, trees and bit sets of a step. */
  static long stepInputs(ModelConfig config, EngineConfig options) {
    long slots = (long) config.maxPositions() + options.maxStepTokens();
    long longestTable = slots / options.blockSize() + 1;
    return Math.max(MIN_STEP_INPUTS, 2 * longestTable * config.cacheGroups().size());
  }

  /**
   * Bytes of the largest step.
   *
   * @throws DeviceException if they exceed the maximum size of a buffer
   */
  static int bytes(ModelConfig config, EngineConfig options) {
    // Rounding overflows for more, and the message is the same.
    long rows = Math.max(options.maxStepTokens(), Gemm.roundRows(options.maxStepTokens()));
    int groups = config.cacheGroups().size();
    // Id, position and slots of a token, block copies, index and position of a logits row, and a
    // pooling request.
    long perRow = 2 + groups + 3 * groups + 2 + 2 + SamplingRows.BYTES / Integer.BYTES;
    long chunks = rows / StepArena.logitsRows(options) + 1;
    // Logits to gather, and tokens that only the device knows.
    long cells = 2L * SamplingInputs.MAX_CELLS + 2 * rows;
    // Of all tokens of a step, and in the last layer of those whose output is read.
    int plans = groups + 1;
    long lists = 18L * plans + 2 + 3 * chunks;
    long ints =
        rows * perRow
            + cells
            + plans * (attentionPlan(rows, options) + stepInputs(config, options))
            + lists * ALIGNMENT;
    if (ints * Integer.BYTES > Integer.MAX_VALUE) {
      throw new DeviceException(
          "Steps of %s tokens have inputs of up to %s bytes, and 2 GiB are the limit; make the step smaller"
              .formatted(options.maxStepTokens(), ints * Integer.BYTES));
    }
    return (int) ints * Integer.BYTES;
  }

  /** Every piece and every entry of the row list may have a partial result of its own. */
  private static long attentionPlan(long rows, EngineConfig options) {
    long partials = StepArena.maxPartials(options);
    long entries = 4 * partials;
    long pieces = AttentionPlan.PIECE_INTS * partials;
    long merges = AttentionPlan.MERGE_INTS * rows;
    long exact = entries + pieces + merges + partials;
    // Lists of repeating steps are padded, by at most a sixteenth or 16 entries.
    return exact + exact / 16 + 16 * (5L * AttentionPlan.PIECE_INTS);
  }
}
