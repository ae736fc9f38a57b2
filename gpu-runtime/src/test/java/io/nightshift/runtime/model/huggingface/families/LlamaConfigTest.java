package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.published;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.random.ModelShape;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaConfigTest {

  @Test
  void readsLlama31() {
    ModelConfig config = published("Llama-3.1-8B-Instruct");
    assertThat(config)
        .isEqualTo(
            ModelShape.llama(
                32,
                4096,
                AttentionConfig.plain(32, 8, 128),
                14336,
                128256,
                131072,
                rope(config),
                false,
                Set.of(128001, 128008, 128009)));
    assertThat(rope(config).theta()).isEqualTo(500_000f);
    assertThat(rope(config).frequencyFactors()).hasSize(64).startsWith(1f).endsWith(8f);
  }

  @Test
  void readsLlama32() {
    ModelConfig config = published("Llama-3.2-1B");
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.attention().headSize()).isEqualTo(64);
    assertThat(rope(config).frequencyFactors()).endsWith(32f);
  }

  @Test
  void takesTheReferenceDefaults() {
    ModelConfig config =
        read(
            """
            {"model_type": "llama", "hidden_size": 64, "intermediate_size": 128,
             "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 100,
             "max_position_embeddings": 128}
            """);
    assertThat(config.normEpsilon()).isEqualTo(1e-6f);
    assertThat(config.tiedEmbeddings()).isFalse();
    assertThat(config.endOfSequenceTokens()).isEmpty();
    assertThat(config.attention()).isEqualTo(AttentionConfig.plain(4, 4, 16));
    assertThat(rope(config)).isEqualTo(RopeConfig.unscaled(10_000, 16));
  }

  @Test
  void readsBiases() {
    ModelConfig config = read(model("llama", "\"attention_bias\": true"));
    assertThat(config.attention().queryKeyValueBias()).isTrue();
    assertThat(config.attention().outputBias()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"hidden_act\": \"gelu\"'      | hidden_act: \"gelu\" is not supported, expected silu",
        "'\"hidden_act\": \"gelu_pytorch_tanh\"' | hidden_act: \"gelu_pytorch_tanh\" is not supported",
        "'\"mlp_bias\": true'            | mlp_bias: true is not supported for Llama",
        "'\"sliding_window\": 8'         | sliding_window: is not known for Llama",
        "'\"layer_types\": [\"full_attention\", \"full_attention\", \"full_attention\", \"chunked_attention\"]' | layer_types: has a layer of \"chunked_attention\"",
        "'\"layer_types\": [\"full_attention\"]' | layer_types: has 1 entries, expected 4",
      })
  void refusesWhatItCannotExpress(String json, String problem) {
    refuses(model("llama", json), problem);
  }
}
