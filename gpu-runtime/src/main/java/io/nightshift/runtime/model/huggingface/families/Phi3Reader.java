package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Phi-3, Phi-3.5, Phi-4 and their mini forms: fused projections, partial rotation, LongRoPE. */
final class Phi3Reader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
        "intermediate_size",
        "hidden_act",
        "sliding_window",
        "layer_types",
        "partial_rotary_factor",
        "original_max_position_embeddings");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of("rms_norm_eps", 1e-5, "original_max_position_embeddings", 4096);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int layers = values.layerCount();
    AttentionConfig attention = values.attention();
    LayerConfig layer =
        new LayerConfig(
            new LayerTypes(values.json(), layers).uniformWindow(),
            Optional.of(RopeParameters.of(values.json()).readPartial(attention.headSize())),
            values.gatedMlp());
    return values.model(ModelFamily.PHI3, attention, Collections.nCopies(layers, layer));
  }

  @Override
  public TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return new Phi3Layout(config);
  }
}
