package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.TensorType;

/** Decodes the blocks of a {@link TensorType} to floats. */
interface BlockDecoder {

  /**
   * Decodes the first {@code blocks} blocks of {@code source} to {@code target}, starting at {@code
   * offset}.
   */
  void decode(byte[] source, int blocks, float[] target, int offset);

  static BlockDecoder of(TensorType type) {
    return switch (type) {
      case U8 -> FloatDecoder::decodeU8;
      case F32 -> FloatDecoder::decodeF32;
      case F16 -> FloatDecoder::decodeF16;
      case BF16 -> FloatDecoder::decodeBf16;
      case Q4_0 -> Q4Decoder::decodeQ4Type0;
      case Q4_1 -> Q4Decoder::decodeQ4Type1;
      case Q5_0 -> Q5Decoder::decodeQ5Type0;
      case Q5_1 -> Q5Decoder::decodeQ5Type1;
      case Q8_0 -> Q8Decoder::decodeQ8Type0;
      case Q4_K -> Q4KDecoder::decode;
      case Q5_K -> Q5KDecoder::decode;
      case Q6_K -> Q6KDecoder::decode;
      case MXFP4 -> Mxfp4Decoder::decodeBlocks;
    };
  }
}
