package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import java.util.Collections;
import java.util.Optional;

/** Llama 2 and 3, and models of the same architecture. */
final class LlamaReader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring("intermediate_size", "hidden_act", "attention_bias", "layer_types");
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    int layers = values.layerCount();
    new LayerTypes(values.json(), layers).require(false);
    boolean bias = values.flag("attention_bias");
    AttentionConfig attention = values.attention().withBiases(bias, bias);
    LayerConfig layer =
        new LayerConfig(0, Optional.of(values.rope(attention.headSize())), values.gatedMlp());
    return values.model(ModelFamily.LLAMA, attention, Collections.nCopies(layers, layer));
  }
}
