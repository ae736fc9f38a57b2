package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;

/** A format of compressed-tensors: which tensors a layer's weights are. */
interface CompressedTensorsFormat {

  /**
   * @throws io.nightshift.runtime.model.ModelFormatException if the format cannot have such weights
   */
  void require(WeightArguments weights);

  /**
   * @throws io.nightshift.runtime.model.ModelFormatException if the layer lacks a tensor, or one
   *     has another type or shape
   */
  QuantizedRows open(LinearLayer layer, WeightArguments weights);

  /**
   * @param json the object that names the format, for error messages
   */
  static CompressedTensorsFormat of(String name, JsonFile json) {
    return switch (name) {
      case "float-quantized" -> new NaiveQuantized(NaiveQuantized.Scales.FLOATS, "float");
      case "int-quantized" -> new NaiveQuantized(NaiveQuantized.Scales.FLOATS, "int");
      case "naive-quantized" -> new NaiveQuantized(NaiveQuantized.Scales.FLOATS, "");
      case "mxfp8-quantized" -> new NaiveQuantized(NaiveQuantized.Scales.POWERS_OF_TWO, "float");
      case "pack-quantized" -> new PackQuantized();
      case "mxfp4-pack-quantized" -> new Float4Packed(false);
      case "nvfp4-pack-quantized" -> new Float4Packed(true);
      default ->
          throw json.problem(
              "format",
              ("\"%s\" is not supported, expected float-quantized, int-quantized,"
                      + " naive-quantized, pack-quantized, mxfp4-pack-quantized, mxfp8-quantized or"
                      + " nvfp4-pack-quantized")
                  .formatted(name));
    };
  }
}
