package io.nightshift.job.bench;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorEncodings;

/** How random weights of layers are quantized: as those of checkpoints in well-known formats. */
public enum RandomQuantization {
  NONE("none", TensorEncodings.UNQUANTIZED),
  /** GPTQ and AWQ. */
  INT4_G128("int4-g128", new LayerEncodings(new Quantization(CodeType.UINT4, 128, true))),
  /** GGUF's Q4_K. */
  INT4_G32("int4-g32", new LayerEncodings(new Quantization(CodeType.UINT4, 32, true))),
  MXFP4("mxfp4", new LayerEncodings(new Quantization(CodeType.E2M1, 32, false))),
  /** GGUF's IQ4_XS. */
  IQ4("iq4", new LayerEncodings(new Quantization(CodeType.IQ4, 32, false))),
  /** GGUF's Q8_0. */
  INT8_G32("int8-g32", new LayerEncodings(new Quantization(CodeType.INT8, 32, false)));

  private final String optionValue;
  private final TensorEncodings encodings;

  RandomQuantization(String optionValue, TensorEncodings encodings) {
    this.optionValue = optionValue;
    this.encodings = encodings;
  }

  TensorEncodings encodings() {
    return encodings;
  }

  /** The value of the command-line option. */
  @Override
  public String toString() {
    return optionValue;
  }
}
