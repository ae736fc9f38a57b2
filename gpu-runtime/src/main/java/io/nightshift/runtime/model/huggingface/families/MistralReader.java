package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/** Mistral: Llama with a sliding window in all layers, or in none. */
final class MistralReader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring("intermediate_size", "hidden_act", "sliding_window", "layer_types");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of("num_key_value_heads", 8, "sliding_window", 4096);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int layers = values.layerCount();
    AttentionConfig attention = values.attention();
    LayerConfig layer =
        new LayerConfig(
            new LayerTypes(values.json(), layers).uniformWindow(),
            Optional.of(values.rope(attention.headSize())),
            values.gatedMlp());
    return values.model(ModelFamily.MISTRAL, attention, Collections.nCopies(layers, layer));
  }
}
