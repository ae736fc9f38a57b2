package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Mixtral: Mistral with experts. */
final class MixtralReader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
        "intermediate_size",
        "hidden_act",
        "num_local_experts",
        "num_experts_per_tok",
        "sliding_window",
        "layer_types");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of(
        "num_key_value_heads",
        8,
        "rms_norm_eps",
        1e-5,
        "rope_theta",
        1_000_000.0,
        "num_local_experts",
        8,
        "num_experts_per_tok",
        2);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int layers = values.layerCount();
    AttentionConfig attention = values.attention();
    int experts = values.json().positiveInteger("num_local_experts");
    LayerConfig layer =
        new LayerConfig(
            new LayerTypes(values.json(), layers).uniformWindow(),
            Optional.of(values.rope(attention.headSize())),
            new ExpertsConfig(
                experts,
                values.expertsPerToken("num_experts_per_tok", experts),
                values.json().positiveInteger("intermediate_size"),
                values.activation("hidden_act", "silu"),
                true,
                false));
    return values.model(ModelFamily.MIXTRAL, attention, Collections.nCopies(layers, layer));
  }

  @Override
  public TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return StackedExpertsLayout.fits(stored)
        ? new StackedExpertsLayout(config)
        : new MixtralLayout(config);
  }
}
