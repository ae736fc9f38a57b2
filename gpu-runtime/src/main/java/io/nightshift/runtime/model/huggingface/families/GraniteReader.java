package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import java.util.Collections;
import java.util.Optional;

/** Granite 3: Llama with constant factors. */
final class GraniteReader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
        "intermediate_size",
        "hidden_act",
        "attention_bias",
        "attention_multiplier",
        "embedding_multiplier",
        "residual_multiplier",
        "logits_scaling");
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    AttentionConfig attention = GraniteParts.attention(values);
    LayerConfig layer =
        new LayerConfig(0, Optional.of(values.rope(attention.headSize())), values.gatedMlp());
    return values.model(
        ModelFamily.GRANITE,
        attention,
        Collections.nCopies(values.layerCount(), layer),
        GraniteParts.multipliers(values));
  }
}
