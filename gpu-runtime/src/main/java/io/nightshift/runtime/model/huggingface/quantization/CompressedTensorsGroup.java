package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import java.util.List;
import java.util.Optional;

/** A group of layers in {@code config_groups}. */
final class CompressedTensorsGroup {
  private final JsonFile json;
  private final ModuleList targets;
  private final Optional<WeightArguments> weights;
  private final CompressedTensorsFormat format;

  /**
   * @param formatOfAll the format of groups without one of their own
   */
  CompressedTensorsGroup(JsonFile json, Optional<String> formatOfAll) {
    this.json = json;
    KnownKeys.require(
        json,
        "compressed-tensors",
        List.of("targets", "weights", "input_activations", "output_activations", "format"));
    targets = new ModuleList(json, "targets", ModuleList::compressedTensors);
    if (targets.isEmpty()) {
      throw json.problem("targets", "is empty, expected classes or names of layers");
    }
    weights = json.child("weights").map(WeightArguments::new);
    String name =
        json.string("format")
            .or(() -> formatOfAll)
            .orElseThrow(() -> json.problem("format", "is missing"));
    format = CompressedTensorsFormat.of(name, json);
    weights.ifPresent(format::require);
  }

  ModuleList targets() {
    return targets;
  }

  /** Groups may quantize activations only. */
  boolean quantizesWeights() {
    return weights.isPresent();
  }

  Optional<String> description() {
    return weights.map(WeightArguments::description);
  }

  QuantizedRows open(LinearLayer layer) {
    return format.open(layer, weights.orElseThrow(() -> json.problem("weights", "is missing")));
  }
}
