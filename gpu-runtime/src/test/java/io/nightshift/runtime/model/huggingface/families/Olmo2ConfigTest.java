package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.QueryKeyNorm;
import org.junit.jupiter.api.Test;

class Olmo2ConfigTest {

  @Test
  void readsOlmo2() {
    ModelConfig config = published("OLMo-2-1124-7B");
    assertThat(config.family()).isEqualTo(ModelFamily.OLMO2);
    assertThat(config.normPlacement()).isEqualTo(NormPlacement.BEHIND);
    assertThat(config.attention())
        .isEqualTo(AttentionConfig.plain(32, 32, 128).withQueryKeyNorm(QueryKeyNorm.ALL_HEADS));
    assertThat(config.normEpsilon()).isEqualTo(1e-6f);
  }

  @Test
  void refusesOlmo1() {
    refuses(model("olmo2", "\"clip_qkv\": 8.0"), "clip_qkv: is not known for OLMo 2");
    refuses(
        model("olmo", "\"clip_qkv\": 8.0"),
        "model_type: \"olmo\" is not supported, expected one of");
  }
}
