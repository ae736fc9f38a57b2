package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.windows;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.RopeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QwenConfigTest {

  @Test
  void readsQwen25() {
    ModelConfig config = published("Qwen2.5-7B-Instruct");
    assertThat(config.family()).isEqualTo(ModelFamily.QWEN2);
    assertThat(config.attention())
        .isEqualTo(AttentionConfig.plain(28, 4, 128).withBiases(true, false));
    assertThat(windows(config)).containsOnly(0);
  }

  @Test
  void readsQwen3() {
    ModelConfig config = published("Qwen3-8B");
    assertThat(config.family()).isEqualTo(ModelFamily.QWEN3);
    assertThat(config.attention())
        .isEqualTo(AttentionConfig.plain(32, 8, 128).withQueryKeyNorm(QueryKeyNorm.EACH_HEAD));
    assertThat(rope(config)).isEqualTo(RopeConfig.unscaled(1_000_000, 128));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qwen2 | '\"sliding_window\": 512' | 0,0,0,0",
        "qwen2 | '\"sliding_window\": 512, \"use_sliding_window\": true' | 0,0,0,0",
        "qwen2 | '\"sliding_window\": 512, \"use_sliding_window\": true, \"max_window_layers\": 1' | 0,512,512,512",
        "qwen2 | '\"use_sliding_window\": true, \"max_window_layers\": 0' | 4096,4096,4096,4096",
        "qwen3 | '\"sliding_window\": 8, \"use_sliding_window\": true, \"layer_types\": [\"sliding_attention\", \"full_attention\", \"sliding_attention\", \"full_attention\"]' | 8,0,8,0",
      })
  void readsTheSlidingWindows(String type, String json, String expected) {
    assertThat(windows(read(model(type, json))))
        .map(String::valueOf)
        .containsExactly(expected.split(","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qwen2 | '\"layer_types\": [\"sliding_attention\", \"full_attention\", \"full_attention\", \"full_attention\"]' | layer_types: has a layer of \"sliding_attention\", expected \"full_attention\"",
        "qwen2 | '\"use_sliding_window\": true, \"sliding_window\": null, \"max_window_layers\": 1' | sliding_window: expected a positive number",
        "qwen3 | '\"is_causal\": false' | is_causal: false is not supported for Qwen3",
        "qwen2 | '\"rope_scaling\": {\"type\": \"default\", \"mrope_section\": [2, 3, 3]}' | rope_scaling.mrope_section: is not known",
      })
  void refusesWhatItCannotExpress(String type, String json, String problem) {
    refuses(model(type, json), problem);
  }
}
