package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.DeviceAttentionPlan;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a step on the device. Equal steps have equal launches, which {@link StepGraphs}
 * relies on.
 *
 * @param number number of the step, an i64, which exchanges between ranks are numbered by
 * @param copies int {@code [copies][3]} for each of the model's {@link ModelConfig#cacheGroups}:
 *     source, target and tokens of the block copies
 * @param attention attention of all tokens, for each group
 * @param blockTables ints: the block tables of the step's sequences in the first group, then those
 *     in the next one
 * @param logitsRows the rows whose output is read; null if every token's is
 * @param pooling int {@code [requests][2]}: first row and number of rows of each pooling request,
 *     among the rows whose output is read
 */
record DeviceStep(
    DeviceVector number,
    Tokens tokens,
    List<DeviceMatrix> copies,
    List<DeviceAttentionPlan> attention,
    DeviceVector blockTables,
    @Nullable LogitsRows logitsRows,
    DeviceMatrix pooling) {

  /**
   * The tokens of a step; all vectors are ints, one for each token.
   *
   * @param ids token ids, or {@code -1 - row} for the token that the step before samples for a row
   * @param idsKnown whether all are token ids
   * @param positions rows of the rotary tables ({@link ForwardBatch#rotaryPosition})
   * @param slots slots of the KV cache for the tokens' keys and values, for each group
   */
  record Tokens(
      DeviceVector ids, boolean idsKnown, DeviceVector positions, List<DeviceVector> slots) {

    int count() {
      return ids.size();
    }
  }

  /**
   * The rows that the last layer keeps; the vectors are ints, one for each row.
   *
   * @param tokens index of each row's token in the step
   * @param positions rows of the rotary tables
   * @param attention attention of these rows in the last layer
   */
  record LogitsRows(DeviceVector tokens, DeviceVector positions, DeviceAttentionPlan attention) {

    int count() {
      return tokens.size();
    }
  }
}
