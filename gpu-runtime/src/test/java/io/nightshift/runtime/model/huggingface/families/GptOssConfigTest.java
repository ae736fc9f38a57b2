package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.windows;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GptOssConfigTest {
  private static final String YARN =
      """
      "rope_scaling": {"rope_type": "yarn", "factor": 32.0, "beta_fast": 32.0, "beta_slow": 1.0,
        "truncate": false, "original_max_position_embeddings": 64}
      """;

  @Test
  void readsGptOss() {
    ModelConfig config = published("gpt-oss-20b");
    RopeConfig rope = rope(config);
    assertThat(config.attention())
        .isEqualTo(AttentionConfig.plain(64, 8, 64).withBiases(true, true).withSinks(true));
    assertThat(windows(config)).hasSize(24).startsWith(128, 0, 128, 0);
    assertThat(config.layers().get(0).feedForward())
        .isEqualTo(new ExpertsConfig(32, 4, 2880, Activation.CLAMPED_SWIGLU, true, true));
    assertThat(rope.attentionFactor()).isEqualTo((float) (0.1 * Math.log(32) + 1));
    assertThat(rope.frequencyFactors()).hasSize(32).startsWith(1f).endsWith(32f);
    assertThat(config.maxPositions()).isEqualTo(131_072);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"swiglu_limit\": 6.0'       | swiglu_limit: 6.0 is not supported, expected 7.0",
        "'\"swiglu_alpha\": 1.0'       | swiglu_alpha: 1.0 is not supported, expected 1.702",
        "'\"experts_per_token\": 2'    | experts_per_token: 2.0 is not supported, expected 4.0",
        "'\"quantization_config\": {\"quant_method\": \"hqq\"}' | quantization_config.quant_method: \"hqq\" is not supported, expected one of",
        "'\"quantization_config\": {}' | quantization_config.quant_method: is missing",
        "'\"sliding_window\": 0'       | sliding_window: expected a positive number",
      })
  void refusesWhatItCannotExpress(String json, String problem) {
    refuses(model("gpt_oss", json + ", " + YARN), problem);
  }

  @Test
  void refusesAFileWithoutScaling() {
    refuses(model("gpt_oss", ""), "rope_scaling: is missing");
  }
}
