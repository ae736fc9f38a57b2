package io.nightshift.runtime.model.weights.blocks;

import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.TensorType;
import java.util.Optional;

/**
 * Decodes the blocks of a quantized {@link TensorType} to the codes, scales and offsets of a {@link
 * QuantizedTensor}. A block has a whole number of groups. Stateless.
 */
public interface QuantizedBlocks {

  /** The encoding; its groups are consecutive columns. */
  Quantization quantization();

  /**
   * Decodes the codes of the first {@code blocks} blocks of {@code source}, one to each byte of
   * {@code target}, from {@code offset} on. Bits above those of the code are zero, or the sign.
   */
  void codes(byte[] source, int blocks, byte[] target, int offset);

  /**
   * Decodes the scales and offsets of the groups of the first {@code blocks} blocks.
   *
   * @param offsets zeros are written if the encoding has no offsets
   */
  void groups(byte[] source, int blocks, float[] scales, float[] offsets);

  /** The decoder of a type; empty if it is no quantized type. */
  static Optional<QuantizedBlocks> of(TensorType type) {
    return switch (type) {
      case Q4_0 -> Optional.of(new Q4Type0());
      case Q4_1 -> Optional.of(new Q4Type1());
      case Q5_0 -> Optional.of(new Q5Type0());
      case Q5_1 -> Optional.of(new Q5Type1());
      case Q8_0 -> Optional.of(new Q8Type0());
      case Q2_K -> Optional.of(new Q2K());
      case Q3_K -> Optional.of(new Q3K());
      case Q4_K -> Optional.of(new Q4K());
      case Q5_K -> Optional.of(new Q5K());
      case Q6_K -> Optional.of(new Q6K());
      case IQ4_NL -> Optional.of(new Iq4Nl());
      case IQ4_XS -> Optional.of(new Iq4Xs());
      case MXFP4 -> Optional.of(new Mxfp4());
      case NVFP4 -> Optional.of(new Nvfp4());
      default -> Optional.empty();
    };
  }
}
