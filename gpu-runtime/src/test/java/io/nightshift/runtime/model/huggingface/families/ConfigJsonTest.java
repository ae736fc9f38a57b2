package io.nightshift.runtime.model.huggingface.families;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.random.ModelShape;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as published models have them, shortened to what is read. */
class ConfigJsonTest {
  private static final Path PATH = Path.of("folder", "config.json");

  /** Every key that has no default. */
  private static final String SIZES =
      """
      "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4,
      "num_key_value_heads": 2, "vocab_size": 1000, "max_position_embeddings": 2048
      """;

  @Test
  void readsALlama31Configuration() {
    ModelConfig config =
        read(
            """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 128000,
             "eos_token_id": [128001, 128008, 128009], "hidden_act": "silu", "hidden_size": 4096,
             "intermediate_size": 14336, "max_position_embeddings": 131072, "mlp_bias": false,
             "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32,
             "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
               "original_max_position_embeddings": 8192, "rope_type": "llama3"},
             "rope_theta": 500000.0, "tie_word_embeddings": false, "vocab_size": 128256}
            """);
    assertThat(config)
        .isEqualTo(
            ModelShape.llama(
                32,
                4096,
                AttentionConfig.plain(32, 8, 128),
                14336,
                128256,
                131072,
                config.layers().get(0).rope().orElseThrow(),
                false,
                Set.of(128001, 128008, 128009)));
    assertThat(config.layers().get(0).rope().orElseThrow().theta()).isEqualTo(500_000f);
    assertThat(config.layers().get(0).rope().orElseThrow().frequencyFactors())
        .hasSize(64)
        .startsWith(1f)
        .endsWith(8f);
  }

  @Test
  void readsAMistral01Configuration() {
    ModelConfig config =
        read(
            """
            {"model_type": "mistral", "hidden_act": "silu", "hidden_size": 4096,
             "intermediate_size": 14336, "max_position_embeddings": 32768,
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
             "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "sliding_window": 4096,
             "eos_token_id": 2, "tie_word_embeddings": false, "vocab_size": 32000}
            """);
    assertThat(config.family()).isEqualTo(ModelFamily.MISTRAL);
    assertThat(config.layers().get(0).slidingWindow()).isEqualTo(4096);
    assertThat(config.layers().get(0).rope().orElseThrow())
        .isEqualTo(RopeConfig.unscaled(10_000, 128));
    assertThat(config.endOfSequenceTokens()).containsExactly(2);
  }

  @Test
  void readsAQwen25Configuration() {
    ModelConfig config =
        read(
            """
            {"model_type": "qwen2", "hidden_act": "silu", "hidden_size": 896,
             "intermediate_size": 4864, "max_position_embeddings": 32768, "max_window_layers": 21,
             "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2,
             "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 32768,
             "tie_word_embeddings": true, "use_sliding_window": false, "vocab_size": 151936,
             "eos_token_id": 151645}
            """);
    assertThat(config.attention().queryKeyValueBias()).isTrue();
    assertThat(config.attention().outputBias()).isFalse();
    assertThat(config.attention().queryKeyNorm()).isEqualTo(QueryKeyNorm.NONE);
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.layers().get(0).slidingWindow()).isZero();
    assertThat(config.attention().headSize()).isEqualTo(64);
  }

  @Test
  void readsAQwen3Configuration() {
    ModelConfig config =
        read(
            """
            {"model_type": "qwen3", "attention_bias": false, "head_dim": 128, "hidden_act": "silu",
             "hidden_size": 1024, "intermediate_size": 3072, "max_position_embeddings": 40960,
             "max_window_layers": 28, "num_attention_heads": 16, "num_hidden_layers": 28,
             "num_key_value_heads": 8, "rms_norm_eps": 1e-06, "rope_scaling": null,
             "rope_theta": 1000000, "sliding_window": null, "tie_word_embeddings": true,
             "use_sliding_window": false, "vocab_size": 151936, "eos_token_id": 151645}
            """);
    assertThat(config.attention().queryKeyNorm()).isEqualTo(QueryKeyNorm.EACH_HEAD);
    assertThat(config.attention().queryKeyValueBias()).isFalse();
    assertThat(config.attention().headSize()).isEqualTo(128);
    assertThat(config.layers().get(0).rope().orElseThrow())
        .isEqualTo(RopeConfig.unscaled(1_000_000, 128));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"rope_theta\": 5000'                                                  | 5000  | 1",
        "'\"rope_parameters\": {\"rope_theta\": 5000}'                           | 5000  | 1",
        "'\"rope_scaling\": null'                                                | 10000 | 1",
        "'\"rope_theta\": 5000, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}' | 5000 |"
            + " 2",
        "'\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 5000}'"
            + " | 5000 | 2",
      })
  void readsBothLayoutsOfTheRopeParameters(String json, float theta, float factor) {
    RopeConfig rope = read(llama(json)).layers().get(0).rope().orElseThrow();
    assertThat(rope.theta()).isEqualTo(theta);
    assertThat(rope.frequencyFactors()).hasSize(8).allMatch(value -> value == factor);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mistral | '\"sliding_window\": null'                                                | 0",
        "mistral | '\"sliding_window\": 512'                                                 | 512",
        "mistral | '\"rms_norm_eps\": 1e-5'                                                  |"
            + " 4096",
        "qwen2   | '\"sliding_window\": 512'                                                 | 0",
        "qwen2   | '\"sliding_window\": 512, \"use_sliding_window\": true'                   | 0",
        "qwen2   | '\"sliding_window\": 512, \"use_sliding_window\": true, \"max_window_layers\":"
            + " 0' | 512",
        "qwen3   | '\"sliding_window\": 512, \"use_sliding_window\": true, \"layer_types\":"
            + " [\"sliding_attention\", \"sliding_attention\", \"sliding_attention\","
            + " \"sliding_attention\"]' | 512",
        "qwen3   | '\"sliding_window\": 512, \"use_sliding_window\": true, \"layer_types\":"
            + " [\"full_attention\"]' | 0",
        "llama   | '\"sliding_window\": 512'                                                 | 0",
      })
  void readsTheSlidingWindow(String type, String json, int expected) {
    assertThat(read(model(type, json)).layers().get(0).slidingWindow()).isEqualTo(expected);
  }

  @Test
  void joinsEndOfSequenceTokensOfBothFiles() {
    JsonFile generation =
        JsonFile.parse(
            Path.of("generation_config.json"), "{\"eos_token_id\": [907, 8]}".getBytes(UTF_8));
    ModelConfig config =
        new ConfigJson(parse(llama("\"eos_token_id\": 200")), Optional.of(generation)).config();
    assertThat(config.endOfSequenceTokens()).containsExactly(200, 907, 8);
  }

  @Test
  void takesTheReferenceDefaults() {
    ModelConfig config = read(llama("\"use_cache\": true"));
    assertThat(config.normEpsilon()).isEqualTo(1e-6f);
    assertThat(config.tiedEmbeddings()).isFalse();
    assertThat(config.endOfSequenceTokens()).isEmpty();
    assertThat(config.layers().get(0).rope().orElseThrow())
        .isEqualTo(RopeConfig.unscaled(10_000, 16));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma   | '\"a\": 1'                            | model_type: \"gemma\" is not supported,"
            + " expected one of [llama, mistral, qwen2, qwen3]",
        "llama   | '\"hidden_act\": \"gelu\"'            | hidden_act: \"gelu\" is not supported,"
            + " expected silu",
        "llama   | '\"mlp_bias\": true'                  | mlp_bias: a bias in the feed-forward"
            + " network",
        "llama   | '\"quantization_config\": {\"bits\": 4}' | quantization_config: quantized"
            + " safetensors are not supported",
        "llama   | '\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4}' |"
            + " rope_scaling.rope_type: \"yarn\" is not supported, expected default, linear or"
            + " llama3",
        "llama   | '\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4}' | rope_scaling.type:"
            + " \"dynamic\" is not supported",
        "llama   | '\"rope_scaling\": {\"type\": \"linear\"}' | rope_scaling.factor: is missing",
        "llama   | '\"rope_scaling\": {\"type\": \"linear\", \"factor\": -1}' |"
            + " rope_scaling.factor: -1.0, expected a positive number",
        "llama   | '\"rope_scaling\": {\"factor\": 2}' | rope_scaling.factor: is not known for"
            + " rope_type \"default\"",
        "llama   | '\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2, \"attention_factor\":"
            + " 1.5}' | rope_scaling.attention_factor: is not known for rope_type \"linear\"",
        "llama   | '\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 5000}}' |"
            + " rope_parameters.full_attention: is not known",
        "qwen2   | '\"rope_scaling\": {\"type\": \"default\", \"mrope_section\": [2, 3, 3]}' |"
            + " rope_scaling.mrope_section: is not known",
        "llama   | '\"logits_scaling\": 8'            | logits_scaling: 8 is not supported",
        "llama   | '\"final_logit_softcapping\": 30.0' | final_logit_softcapping: 30.0 is not"
            + " supported",
        "llama   | '\"num_local_experts\": 8'         | num_local_experts: 8 is not supported",
        "llama   | '\"embedding_multiplier\": 12'     | embedding_multiplier: 12 is not supported",
        "qwen3   | '\"is_causal\": false'             | is_causal: false is not supported",
        "llama   | '\"layer_types\": [\"full_attention\", \"chunked_attention\"]' | layer_types:"
            + " has a layer of \"chunked_attention\"",
        "mistral | '\"sliding_window\": 8, \"layer_types\": [\"full_attention\"]' | layer_types:"
            + " has a layer of \"full_attention\", expected \"sliding_attention\"",
        "qwen2   | '\"layer_types\": [\"sliding_attention\"]' | layer_types: has a layer of"
            + " \"sliding_attention\", expected \"full_attention\"",
        "llama   | '\"rope_theta\": 1e300'               | rope theta is Infinity",
        "llama   | '\"partial_rotary_factor\": 0.5'      | partial_rotary_factor: 0.5 is not"
            + " supported",
        "llama   | '\"tie_word_embeddings\": \"yes\"'    | tie_word_embeddings: is \"yes\","
            + " expected true or false",
        "llama   | '\"head_dim\": 0'                     | head_dim: 0, expected 1 to 65536",
        "llama   | '\"head_dim\": 2147483646'            | head_dim: 2147483646, expected 1 to"
            + " 65536",
        "llama   | '\"head_dim\": 15'                    | head size 15 is odd",
        "llama   | '\"eos_token_id\": 1000'              | end-of-sequence token 1000 is not in the"
            + " vocabulary of 1000",
        "llama   | '\"eos_token_id\": [1, \"x\"]'        | eos_token_id: is \"x\", expected a"
            + " 32-bit integer",
        "llama   | '\"rms_norm_eps\": -1'                | norm epsilon -1.0",
        "qwen2   | '\"use_sliding_window\": true, \"max_window_layers\": 1' | max_window_layers: 3"
            + " of 4 layers have a sliding window",
      })
  void refusesWhatItCannotExpress(String type, String json, String problem) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(model(type, json)))
        .withMessageStartingWith(PATH.toString())
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_size             | hidden_size: is missing",
        "num_hidden_layers       | num_hidden_layers: is missing",
        "vocab_size              | vocab_size: is missing",
        "max_position_embeddings | max_position_embeddings: is missing",
      })
  void namesAMissingKey(String key, String problem) {
    String json = llama("\"a\": 1").replace('"' + key + '"', "\"other\"");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(json))
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":          | line 1, column 6: is not valid JSON",
        "[1]              | expected a JSON object",
        "''               | expected a JSON object",
        "{\"a\":1,\"a\":2} | is not valid JSON: Duplicate field 'a'",
      })
  void namesThePlaceOfASyntaxError(String json, String problem) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> parse(json))
        .withMessageStartingWith(PATH.toString())
        .withMessageContaining(problem);
  }

  private static String llama(String extra) {
    return model("llama", extra);
  }

  private static String model(String type, String extra) {
    return "{\"model_type\": \"%s\", %s, %s}".formatted(type, SIZES, extra);
  }

  private static ModelConfig read(String json) {
    return new ConfigJson(parse(json), Optional.empty()).config();
  }

  private static JsonFile parse(String json) {
    return JsonFile.parse(PATH, json.getBytes(UTF_8));
  }
}
