package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Quantization;

/**
 * A quantized matrix in files, by its stored rows: those of a tensor of the model may be some of
 * them. Thread-safe; row numbers are not checked.
 */
public interface QuantizedRows {

  Quantization quantization();

  /** As {@link io.nightshift.runtime.model.QuantizedTensor#readCodes}. */
  void readCodes(int row, byte[] target, int offset);

  /** As {@link io.nightshift.runtime.model.QuantizedTensor#readGroups}. */
  void readGroups(int row, float[] scales, float[] offsets);
}
