package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/** OLMo 2: norms behind the parts of a layer, and of all query and all key heads together. */
final class Olmo2Reader implements FamilyReader {

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring("intermediate_size", "hidden_act", "attention_bias");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of("rms_norm_eps", 1e-5);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    boolean bias = values.flag("attention_bias");
    AttentionConfig attention = values.attention().withBiases(bias, bias);
    LayerConfig layer =
        new LayerConfig(0, Optional.of(values.rope(attention.headSize())), values.gatedMlp());
    return values.model(
        ModelFamily.OLMO2, attention, Collections.nCopies(values.layerCount(), layer));
  }
}
