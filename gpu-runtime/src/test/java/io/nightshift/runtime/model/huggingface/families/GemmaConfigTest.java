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
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.Multipliers;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.random.ModelShape;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmaConfigTest {

  @Test
  void readsGemma2() {
    ModelConfig config = published("gemma-2-9b-it");
    assertThat(config.family()).isEqualTo(ModelFamily.GEMMA2);
    assertThat(config.attention())
        .isEqualTo(AttentionConfig.plain(16, 8, 256).withScale(1 / 16f).withSoftCap(50));
    assertThat(config.normPlacement()).isEqualTo(NormPlacement.AROUND);
    assertThat(config.multipliers()).isEqualTo(new Multipliers((float) Math.sqrt(3584), 1, 1, 30));
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(windows(config)).hasSize(42).startsWith(4096, 0, 4096, 0);
    assertThat(config.layers().get(1).feedForward())
        .isEqualTo(new GatedMlpConfig(14_336, Activation.GELU_TANH));
  }

  @Test
  void readsGemma3WithASlidingWindowPattern() {
    ModelConfig config = published("gemma-3-1b-it");
    assertThat(config.family()).isEqualTo(ModelFamily.GEMMA3);
    assertThat(config.attention().queryKeyNorm()).isEqualTo(QueryKeyNorm.EACH_HEAD);
    assertThat(config.attention().softCap()).isZero();
    assertThat(windows(config)).hasSize(26).startsWith(512, 512, 512, 512, 512, 0, 512);
    assertThat(rope(config)).isEqualTo(RopeConfig.unscaled(10_000, 256));
    assertThat(config.layers().get(5).rope()).contains(RopeConfig.unscaled(1_000_000, 256));
    assertThat(config.endOfSequenceTokens()).containsExactly(1, 106);
  }

  @Test
  void readsGemma3WithLayerTypes() {
    assertThat(windows(published("gemma-3-270m-it"))).hasSize(18).startsWith(512, 512).endsWith(0);
  }

  @Test
  void readsTheTextOfGemma3WithImages() {
    ModelConfig shape = ModelShape.GEMMA3_4B.config();
    ModelConfig config = published("gemma-3-4b-it");
    assertThat(config.layers()).isEqualTo(shape.layers());
    assertThat(config.attention()).isEqualTo(shape.attention());
    assertThat(config.multipliers()).isEqualTo(shape.multipliers());
    assertThat(config.vocabularySize()).isEqualTo(262_208);
    assertThat(config.maxPositions()).isEqualTo(131_072);
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.endOfSequenceTokens()).containsExactly(1, 106);
  }

  @Test
  void readsTheRopeParametersOfTransformers5() {
    ModelConfig config =
        read(
            model(
                "gemma3_text",
                """
                "sliding_window": 8, "sliding_window_pattern": 2, "rope_parameters": {
                  "full_attention": {"rope_type": "linear", "factor": 4.0, "rope_theta": 2e6},
                  "sliding_attention": {"rope_type": "default", "rope_theta": 5000.0}}
                """));
    assertThat(windows(config)).containsExactly(8, 0, 8, 0);
    assertThat(rope(config)).isEqualTo(RopeConfig.unscaled(5000, 16));
    assertThat(config.layers().get(1).rope())
        .contains(RopeConfig.scaled(2e6f, 16, Collections.nCopies(8, 4f)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma2      | '\"hidden_activation\": \"gelu\"' | hidden_activation: \"gelu\" is not supported, expected gelu_pytorch_tanh",
        "gemma2      | '\"hidden_act\": \"silu\"'  | hidden_act: \"silu\" is not supported",
        "gemma2      | '\"query_pre_attn_scalar\": 0' | query_pre_attn_scalar: 0.0, expected a positive number",
        "gemma2      | '\"sliding_window\": null'  | sliding_window: expected a positive number",
        "gemma2      | '\"rope_local_base_freq\": 10000' | rope_local_base_freq: is not known for Gemma 2",
        "gemma2      | '\"vision_config\": {\"a\": 1}' | vision_config: is not known for Gemma 2",
        "gemma3_text | '\"use_bidirectional_attention\": true' | use_bidirectional_attention: true is not supported for Gemma 3",
        "gemma3_text | '\"sliding_window_pattern\": 0' | sliding_window_pattern: 0, expected a positive number",
        "gemma3_text | '\"rope_parameters\": {\"rope_theta\": 1e6}' | rope_parameters.rope_theta: expected sliding_attention and full_attention only",
        "gemma3_text | '\"rope_parameters\": {\"sliding_attention\": {\"rope_type\": \"proportional\"}}' | rope_parameters.sliding_attention.rope_type: \"proportional\" is not supported",
        "gemma3_text | '\"rope_local_base_freq\": 10000, \"rope_parameters\": {\"sliding_attention\": {\"rope_theta\": 5000}}' | rope_parameters.sliding_attention.rope_theta: is 5000, but rope_local_base_freq is 10000",
        "gemma3_text | '\"rope_theta\": 1e6, \"rope_parameters\": {\"full_attention\": {\"rope_theta\": 5000}}' | rope_parameters.full_attention.rope_theta: is 5000, but rope_theta is 1000000.0",
        "gemma3_text | '\"hidden_size_per_layer_input\": 256' | hidden_size_per_layer_input: is not known for Gemma 3",
        "gemma3      | '\"text_config\": {}' | intermediate_size: is not known for Gemma 3 with images",
      })
  void refusesWhatItCannotExpress(String type, String json, String problem) {
    refuses(model(type, json), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model_type\": \"gemma3\"} | text_config: is missing",
        "{\"model_type\": \"gemma3\", \"text_config\": {\"model_type\": \"gemma2\"}} | text_config.model_type: \"gemma2\", expected gemma3_text",
        "{\"model_type\": \"gemma3\", \"text_config\": {\"final_norm\": 1}} | text_config.final_norm: is not known for Gemma 3",
        "{\"model_type\": \"gemma3\", \"audio_config\": {}, \"text_config\": {}} | audio_config: is not known for Gemma 3 with images",
      })
  void refusesOtherTextModels(String json, String problem) {
    refuses(json, problem);
  }
}
