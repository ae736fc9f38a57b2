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

class MistralConfigTest {

  @Test
  void readsTheWindowOfVersion01() {
    ModelConfig config = published("Mistral-7B-v0.1");
    assertThat(config.family()).isEqualTo(ModelFamily.MISTRAL);
    assertThat(windows(config)).hasSize(32).containsOnly(4096);
    assertThat(rope(config)).isEqualTo(RopeConfig.unscaled(10_000, 128));
    assertThat(config.endOfSequenceTokens()).containsExactly(2);
  }

  @Test
  void version03HasNone() {
    ModelConfig config = published("Mistral-7B-Instruct-v0.3");
    assertThat(windows(config)).containsOnly(0);
    assertThat(rope(config).theta()).isEqualTo(1_000_000f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"sliding_window\": null' | 0",
        "'\"sliding_window\": 512'  | 512",
        "'\"rms_norm_eps\": 1e-5'   | 4096",
      })
  void anAbsentWindowIsTheReferencesDefault(String json, int expected) {
    assertThat(windows(read(model("mistral", json)))).containsOnly(expected);
  }

  @Test
  void refusesOtherLayers() {
    String full = "\"full_attention\"";
    refuses(
        model(
            "mistral",
            "\"sliding_window\": 8, \"layer_types\": [%s, %s, %s, %s]"
                .formatted(full, full, full, full)),
        "layer_types: has a layer of \"full_attention\", expected \"sliding_attention\"");
  }
}
