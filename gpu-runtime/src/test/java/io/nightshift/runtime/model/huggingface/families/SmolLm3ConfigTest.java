package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.windows;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmolLm3ConfigTest {

  @Test
  void readsSmolLm3() {
    ModelConfig config = published("SmolLM3-3B");
    assertThat(config.family()).isEqualTo(ModelFamily.SMOLLM3);
    assertThat(config.tiedEmbeddings()).isTrue();
    for (int layer = 0; layer < 36; layer++) {
      assertThat(config.layers().get(layer).rope().isEmpty()).isEqualTo(layer % 4 == 3);
    }
    assertThat(rope(config)).isEqualTo(RopeConfig.unscaled(5_000_000, 128));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"rms_norm_eps\": 1e-6'           | 1110",
        "'\"no_rope_layer_interval\": 2'    | 1010",
        "'\"no_rope_layers\": [0, 1, 1, 0]' | 0110",
      })
  void readsWhichLayersRotate(String json, String expected) {
    ModelConfig config = read(model("smollm3", json));
    for (int layer = 0; layer < 4; layer++) {
      assertThat(config.layers().get(layer).rope().isPresent())
          .isEqualTo(expected.charAt(layer) == '1');
    }
  }

  @Test
  void layersWithoutRotationMayHaveAWindow() {
    ModelConfig config =
        read(model("smollm3", "\"use_sliding_window\": true, \"sliding_window\": 8"));
    assertThat(windows(config)).containsExactly(0, 0, 0, 8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"no_rope_layers\": [1, 1]'      | no_rope_layers: has 2 entries, expected one for each of 4 layers",
        "'\"no_rope_layer_interval\": 0'   | no_rope_layer_interval: 0, expected a positive number",
        "'\"mlp_bias\": true'              | mlp_bias: true is not supported for SmolLM3",
      })
  void refusesWhatItCannotExpress(String json, String problem) {
    refuses(model("smollm3", json), problem);
  }
}
