package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.windows;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.random.ModelShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Phi3ConfigTest {

  @Test
  void readsPhi4() {
    assertThat(published("phi-4")).isEqualTo(ModelShape.PHI4.config());
  }

  @Test
  void readsPhi3Mini() {
    ModelConfig config = published("Phi-3-mini-4k-instruct");
    assertThat(config.attention()).isEqualTo(AttentionConfig.plain(32, 32, 96));
    assertThat(windows(config)).containsOnly(2047);
  }

  @Test
  void readsPhi4Mini() {
    ModelConfig config = published("Phi-4-mini-instruct");
    RopeConfig rope = rope(config);
    assertThat(config.attention()).isEqualTo(AttentionConfig.plain(24, 8, 128));
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(rope.dimensions()).isEqualTo(96);
    assertThat(rope.frequencyFactors()).hasSize(48).containsOnly(1f);
    assertThat(rope.attentionFactor())
        .isEqualTo((float) Math.sqrt(1 + Math.log(32) / Math.log(4096)));
    assertThat(rope.longContext().orElseThrow().originalPositions()).isEqualTo(4096);
    assertThat(rope.longContext().orElseThrow().frequencyFactors())
        .hasSize(48)
        .startsWith(1f, 1.118320672f)
        .endsWith(47.77f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"rope_scaling\": {\"type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [1]}' | rope_scaling.short_factor: has 1 numbers, expected 8",
        "'\"rope_scaling\": {\"type\": \"su\", \"short_factor\": [1, 1, 1, 1, 1, 1, 1, 1]}' | rope_scaling.long_factor: is missing",
        "'\"rope_scaling\": {\"type\": \"longrope\", \"short_factor\": [1, 1, 1, 1, 1, 1, 1, \"1\"]}' | rope_scaling.short_factor: has \"1\", expected numbers only",
        "'\"rope_scaling\": {\"type\": \"longrope\", \"short_mscale\": 1.2}' | rope_scaling.short_mscale: is not known for rope_type \"longrope\"",
        "'\"partial_rotary_factor\": 1.5' | partial_rotary_factor: 1.5, expected more than 0, at most 1",
        "'\"interpolate_factor\": 2' | interpolate_factor: 2 is not supported for Phi-3",
        "'\"embd_layer\": {}' | embd_layer: is not known for Phi-3",
      })
  void refusesWhatItCannotExpress(String json, String problem) {
    refuses(model("phi3", json), problem);
  }
}
