package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.List;
import java.util.Optional;

/**
 * {@code fbgemm_fp8}, as Llama 3.1 405B has it: weights e4m3 with a scale {@code weight_scale} for
 * each row.
 */
final class FbgemmFp8Scheme implements QuantizationScheme {
  private final ModuleList excluded;

  FbgemmFp8Scheme(JsonFile json) {
    KnownKeys.require(
        json,
        "fbgemm_fp8",
        List.of("quant_method", "activation_scale_ub", "modules_to_not_convert"));
    excluded = new ModuleList(json, "modules_to_not_convert", ModuleList::transformers);
  }

  @Override
  public String description() {
    return "FP8 with a scale for each row";
  }

  @Override
  public void requireModules(ModelModules modules) {
    excluded.requireModules(modules);
  }

  @Override
  public Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape) {
    return LinearLayer.of(stored, name, shape)
        .filter(
            layer ->
                layer.isQuantized(
                    Float8Weights.isStored(layer), !excluded.contains(layer.module())))
        .map(
            layer ->
                Float8Weights.open(
                    layer, layer.columns(), layer.grid("weight_scale", NumberGrid.FLOATS, 1, 1)));
  }

  @Override
  public boolean ignorable(StoredTensors stored, String name) {
    return ActivationScales.isOne(name);
  }
}
