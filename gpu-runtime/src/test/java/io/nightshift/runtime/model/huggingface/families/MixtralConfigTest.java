package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.windows;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import org.junit.jupiter.api.Test;

class MixtralConfigTest {

  @Test
  void readsMixtral() {
    ModelConfig config = published("Mixtral-8x7B-Instruct-v0.1");
    assertThat(config.family()).isEqualTo(ModelFamily.MIXTRAL);
    assertThat(config.attention()).isEqualTo(AttentionConfig.plain(32, 8, 128));
    assertThat(windows(config)).hasSize(32).containsOnly(0);
    assertThat(config.layers().get(0).feedForward())
        .isEqualTo(new ExpertsConfig(8, 2, 14_336, Activation.SILU, true, false));
  }

  @Test
  void takesTheReferenceDefaults() {
    ModelConfig config = read(model("mixtral", ""));
    assertThat(config.normEpsilon()).isEqualTo(1e-5f);
    assertThat(rope(config).theta()).isEqualTo(1_000_000f);
    assertThat(config.layers().get(0).feedForward())
        .isEqualTo(new ExpertsConfig(8, 2, 128, Activation.SILU, true, false));
  }

  @Test
  void refusesExpertsThatItDoesNotHave() {
    refuses(
        model("mixtral", "\"num_local_experts\": 1"),
        "num_experts_per_tok: 2, but there are 1 experts");
    refuses(
        model("mixtral", "\"num_shared_experts\": 1"),
        "num_shared_experts: is not known for Mixtral");
  }
}
