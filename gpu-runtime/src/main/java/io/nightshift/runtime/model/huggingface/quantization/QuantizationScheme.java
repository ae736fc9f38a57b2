package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.weights.MatrixFormat;

/** How the linear layers of a folder are quantized. */
public interface QuantizationScheme extends MatrixFormat {

  /** What it is, for people: {@code 4-bit GPTQ, groups of 128}. */
  String description();

  /**
   * Checks that the modules which the configuration names exist.
   *
   * @throws ModelFormatException if a name matches nothing of the model, nor one of the parts for
   *     images and sound that are left out
   */
  void requireModules(ModelModules modules);
}
