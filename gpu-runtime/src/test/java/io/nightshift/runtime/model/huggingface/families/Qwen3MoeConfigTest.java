package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.random.ModelShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Qwen3MoeConfigTest {

  @Test
  void readsQwen330BA3B() {
    assertThat(published("Qwen3-30B-A3B")).isEqualTo(ModelShape.QWEN3_30B_A3B.config());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"num_experts\": 8'                                | 1111",
        "'\"num_local_experts\": 8'                          | 1111",
        "'\"num_experts\": 8, \"mlp_only_layers\": [0, 2]' | 0101",
        "'\"num_experts\": 8, \"decoder_sparse_step\": 2'  | 0101",
        "'\"num_experts\": 8, \"decoder_sparse_step\": 2, \"mlp_only_layers\": [3]' | 0100",
      })
  void readsWhichLayersHaveExperts(String json, String expected) {
    ModelConfig config = read(model("qwen3_moe", json));
    for (int layer = 0; layer < 4; layer++) {
      assertThat(config.layers().get(layer).feedForward())
          .isEqualTo(
              expected.charAt(layer) == '1'
                  ? new ExpertsConfig(8, 8, 768, Activation.SILU, false, false)
                  : new GatedMlpConfig(128, Activation.SILU));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"num_experts\": 8, \"decoder_sparse_step\": 0' | decoder_sparse_step: 0, expected a positive number",
        "'\"num_experts\": 8, \"num_local_experts\": 4'   | num_experts: 8, but num_local_experts is another number",
        "'\"num_experts\": 4'                             | num_experts_per_tok: 8, but there are 4 experts",
        "'\"num_experts\": 100000'                        | 100000 experts are more than 1024",
        "'\"rms_norm_eps\": 1e-6'                         | num_local_experts: is missing",
        "'\"num_experts\": 8, \"shared_expert_intermediate_size\": 64' | shared_expert_intermediate_size: is not known for Qwen3 with experts",
        "'\"num_experts\": 8, \"mlp_only_layers\": [\"0\"]' | mlp_only_layers: is \"0\", expected a 32-bit integer",
      })
  void refusesWhatItCannotExpress(String json, String problem) {
    refuses(model("qwen3_moe", json), problem);
  }
}
