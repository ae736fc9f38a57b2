package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.List;
import java.util.Optional;

/**
 * {@code mxfp4}: experts as gpt-oss has them. These are stacks with a layout of their own, which
 * the family's layout reads; linear layers are plain numbers.
 */
final class Mxfp4Scheme implements QuantizationScheme {
  private final JsonFile json;
  private final ModuleList excluded;

  Mxfp4Scheme(JsonFile json) {
    this.json = json;
    KnownKeys.require(
        json, "mxfp4", List.of("quant_method", "dequantize", "modules_to_not_convert"));
    excluded = new ModuleList(json, "modules_to_not_convert", ModuleList::transformers);
  }

  @Override
  public String description() {
    return "experts in MXFP4";
  }

  @Override
  public void requireModules(ModelModules modules) {
    if (!modules.anyMatch(module -> module.endsWith(".experts"))) {
      throw json.problem("quant_method", "mxfp4 is for experts, and this model has none");
    }
    excluded.requireModules(modules);
  }

  @Override
  public Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape) {
    return Optional.empty();
  }

  @Override
  public boolean ignorable(StoredTensors stored, String name) {
    return false;
  }
}
