package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.RopeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraniteConfigTest {

  @Test
  void readsGranite3() {
    ModelConfig config = published("granite-3.3-8b-instruct");
    assertThat(config.family()).isEqualTo(ModelFamily.GRANITE);
    assertThat(config.attention())
        .isEqualTo(AttentionConfig.plain(32, 8, 128).withScale(0.0078125f));
    assertThat(config.multipliers()).isEqualTo(new Multipliers(12, 0.22f, 1 / 16f, 0));
    assertThat(config.normEpsilon()).isEqualTo(1e-5f);
  }

  @Test
  void readsTheDenseGranite4() {
    ModelConfig config = published("granite-4.0-micro");
    assertThat(config.attention()).isEqualTo(AttentionConfig.plain(40, 8, 64).withScale(0.015625f));
    assertThat(config.multipliers()).isEqualTo(new Multipliers(12, 0.22f, 0.1f, 0));
    assertThat(config.layers()).hasSize(40);
    assertThat(config.layers().get(0).feedForward())
        .isEqualTo(new GatedMlpConfig(8192, Activation.SILU));
    assertThat(rope(config)).isEqualTo(RopeConfig.unscaled(10_000_000, 64));
  }

  @Test
  void granite4MayHaveNoRotaryEmbedding() {
    ModelConfig config =
        read(
            FamilyConfigs.publishedJson("granite-4.0-micro")
                .replace(
                    "\"position_embedding_type\": \"rope\"",
                    "\"position_embedding_type\": \"nope\""));
    assertThat(config.layers()).allMatch(layer -> layer.rope().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"num_local_experts\": 0'       | '\"num_local_experts\": 62' | num_local_experts: 62 is not supported for Granite 4, expected 0",
        "'[\"attention\"'                | '[\"mamba\"'               | layer_types: has a layer of \"mamba\", expected attention in all of them",
        "'\"layer_types\"'                | '\"no_layer_types\"'       | no_layer_types: is not known for Granite 4",
        "'[\"attention\",'               | '['                        | layer_types: has 39 entries, expected 40",
        "'\"rmsnorm\"'                    | '\"layernorm\"'            | normalization_function: \"layernorm\" is not supported, expected rmsnorm",
        "'\"position_embedding_type\": \"rope\"' | '\"position_embedding_type\": \"alibi\"' | position_embedding_type: \"alibi\" is not supported",
      })
  void refusesWhatGranite4CannotExpress(String text, String replacement, String problem) {
    String json = FamilyConfigs.publishedJson("granite-4.0-micro");
    assertThat(json).contains(text);
    int place = json.indexOf(text);
    refuses(
        json.substring(0, place) + replacement + json.substring(place + text.length()), problem);
  }
}
