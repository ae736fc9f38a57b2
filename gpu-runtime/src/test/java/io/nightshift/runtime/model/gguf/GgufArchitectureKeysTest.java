package io.nightshift.runtime.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.ModelResources;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A key that would change what the model computes is followed, or refused by its name. */
class GgufArchitectureKeysTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource
  void refusesWhatItWouldNotFollow(String key, Object value) {
    Path path = tinyLlama().put("llama." + key, value).write(folder.resolve("model.gguf"));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufModelFiles.open(path))
        .withMessageStartingWith(path + ": metadata \"llama." + key + "\": ");
  }

  static Stream<Arguments> refusesWhatItWouldNotFollow() {
    return Stream.of(
        arguments("rope.scaling.type", "ntk"),
        arguments("rope.scaling.type", "longrope"),
        arguments("rope.scaling.factor", -2f),
        arguments("rope.scaling.factor", Float.NaN),
        arguments("rope.scaling.factor", 2),
        arguments("rope.scale_linear", Float.POSITIVE_INFINITY),
        arguments("rope.scaling.attn_factor", 0.7f),
        arguments("rope.scaling.alpha", 1000f),
        arguments("rope.scaling.yarn_attn_factor", 2f),
        arguments("rope.scaling.yarn_ext_factor", 1f),
        arguments("rope.scaling.yarn_log_multiplier", 0.1f),
        arguments("rope.dimension_count", 4),
        arguments("rope.dimension_count_swa", 8),
        arguments("rope.dimension_sections", new int[] {2, 1, 1, 0}),
        arguments("rope.freq_base_swa", 10_000f),
        arguments("attention.key_length_swa", 8),
        arguments("attention.value_length", 4),
        arguments("attention.head_count", new int[] {6, 6, 6}),
        arguments("attention.sliding_window_pattern", 2),
        arguments("attention.scale", 0.5f),
        arguments("attention.output_scale", 0.5f),
        arguments("attention.temperature_length", 8192),
        arguments("attention.causal", false),
        arguments("attention.clamp_kqv", 8f),
        arguments("attention.max_alibi_bias", 8f),
        arguments("attention.kv_lora_rank", 16),
        arguments("attn_logit_softcapping", 50f),
        arguments("final_logit_softcapping", 30f),
        arguments("logit_scale", 0.0625f),
        arguments("residual_scale", 0.22f),
        arguments("embedding_scale", 12f),
        arguments("expert_used_count", 2),
        arguments("expert_gating_func", 2),
        arguments("expert_weights_norm", false),
        arguments("expert_weights_scale", 2.5f),
        arguments("feed_forward_length", new int[] {100, 100, 100}),
        arguments("pooling_type", 1),
        arguments("hidden_activation", "gelu"),
        arguments("nextn_predict_layers", 1),
        arguments("swiglu_clamp_exp", new float[] {7, 7, 7}),
        arguments("ssm.state_size", 16),
        arguments("a_key_of_the_future", 1));
  }

  @ParameterizedTest
  @MethodSource
  void acceptsWhatChangesNothing(String key, Object value) {
    Path path = tinyLlama().put("llama." + key, value).write(folder.resolve("model.gguf"));
    try (ModelFiles model = GgufModelFiles.open(path)) {
      assertThat(model.config()).isEqualTo(config("tiny-llama.gguf"));
    }
  }

  static Stream<Arguments> acceptsWhatChangesNothing() {
    return Stream.of(
        arguments("expert_count", 0),
        arguments("use_parallel_residual", true),
        arguments("logit_scale", 1f),
        arguments("attention.causal", true),
        arguments("attention.layer_norm_epsilon", 1e-3f),
        arguments("attention.sliding_window", 0),
        arguments("pooling_type", 0),
        arguments("rope.scaling.original_context_length", 64),
        arguments("rope.scaling.finetuned", true),
        arguments("rope.scaling.attn_factor", 1f),
        arguments("rope.scaling.yarn_ext_factor", -1f),
        arguments("tensor_data_layout", "Meta AI original pth"));
  }

  /** A tensor that nobody reads would change what the model computes as well. */
  @ParameterizedTest
  @CsvSource({
    "blk.0.attn_q_norm.weight",
    "blk.1.attn_k.bias",
    "blk.2.ffn_gate.bias",
    "blk.0.attn_sub_norm.weight",
    "blk.0.post_attention_norm.weight",
    "output.bias",
    "rope_factors_long.weight",
    "cls.weight"
  })
  void refusesATensorThatItWouldNotRead(String tensor) {
    Path path = tinyLlama().addTensor(tensor, new float[8]).write(folder.resolve("model.gguf"));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufModelFiles.open(path))
        .withMessageStartingWith(path + ": tensor \"" + tensor + "\": has no place");
  }

  @ParameterizedTest
  @CsvSource({"tiny-qwen2.gguf, qwen2", "tiny-qwen3.gguf, qwen3"})
  void otherArchitecturesHaveTheSameKeys(String model, String architecture) {
    EditedGguf file =
        EditedGguf.copyOf(ModelResources.tiny(model)).put(architecture + ".logit_scale", 2f);
    Path path = file.write(folder.resolve(model));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufModelFiles.open(path))
        .withMessageContaining("\"" + architecture + ".logit_scale\": 2.0: scaled logits");
  }

  /** What one architecture follows, another refuses. */
  @ParameterizedTest
  @MethodSource
  void architecturesFollowKeysOfTheirOwn(
      String model, String key, Object value, Function<ModelConfig, Object> read, Object expected) {
    Path path =
        EditedGguf.copyOf(ModelResources.tiny(model))
            .put(key, value)
            .write(folder.resolve("model.gguf"));
    try (ModelFiles files = GgufModelFiles.open(path)) {
      assertThat(read.apply(files.config())).isEqualTo(expected);
    }
  }

  static Stream<Arguments> architecturesFollowKeysOfTheirOwn() {
    Function<ModelConfig, Object> windows =
        config -> config.layers().stream().map(LayerConfig::slidingWindow).toList();
    Function<ModelConfig, Object> bases =
        config ->
            config.layers().stream().map(layer -> layer.rope().orElseThrow().theta()).toList();
    Function<ModelConfig, Object> scale = config -> config.attention().scale();
    return Stream.of(
        arguments(
            "tiny-gemma2.gguf",
            "gemma2.attention.sliding_window_pattern",
            3,
            windows,
            List.of(9, 9, 0)),
        arguments("tiny-gemma2.gguf", "gemma2.attention.sliding_window", 0, windows, nones(3)),
        arguments(
            "tiny-gemma2.gguf",
            "gemma2.rope.freq_base_swa",
            77f,
            bases,
            List.of(77f, 10_000f, 77f)),
        arguments(
            "tiny-gemma3.gguf",
            "gemma3.attention.sliding_window_pattern",
            2,
            windows,
            List.of(7, 0, 7, 0, 7, 0, 7)),
        // Without a scale, that of the head size, 16; the 27B models have other numbers of layers.
        arguments("tiny-gemma3.gguf", "gemma3.attention.scale", 0f, scale, 0.25f),
        arguments("tiny-granite.gguf", "granite.attention.scale", 0.5f, scale, 0.5f),
        arguments(
            "tiny-granite.gguf",
            "granite.logit_scale",
            8f,
            (Function<ModelConfig, Object>) config -> config.multipliers().logits(),
            0.125f),
        arguments(
            "tiny-gpt-oss-mxfp4.gguf",
            "gpt-oss.rope.freq_base_swa",
            77f,
            bases,
            List.of(77f, 150_000f)),
        arguments(
            "tiny-llama-yarn.gguf",
            "llama.rope.scaling.factor",
            8f,
            (Function<ModelConfig, Object>) ModelConfig::maxPositions,
            256),
        arguments(
            "tiny-phi3-longrope.gguf",
            "phi3.rope.scaling.attn_factor",
            1.5f,
            (Function<ModelConfig, Object>)
                config -> config.layers().get(0).rope().orElseThrow().attentionFactor(),
            1.5f));
  }

  private static List<Integer> nones(int layers) {
    return Collections.nCopies(layers, 0);
  }

  @ParameterizedTest
  @MethodSource
  void architecturesRefuseKeysOfOthers(String model, String key, Object value) {
    Path path =
        EditedGguf.copyOf(ModelResources.tiny(model))
            .put(key, value)
            .write(folder.resolve("model.gguf"));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufModelFiles.open(path))
        .withMessageStartingWith(path + ": metadata \"" + key + "\": ");
  }

  static Stream<Arguments> architecturesRefuseKeysOfOthers() {
    return Stream.of(
        arguments("tiny-gemma2.gguf", "gemma2.logit_scale", 2f),
        arguments("tiny-gemma2.gguf", "gemma2.expert_count", 8),
        arguments("tiny-gemma3.gguf", "gemma3.attention.sliding_window_pattern", new int[] {1, 0}),
        arguments("tiny-gemma3.gguf", "gemma3.rope.dimension_count", 8),
        arguments("tiny-phi3.gguf", "phi3.rope.dimension_count", 1 << 30),
        arguments("tiny-phi3.gguf", "phi3.attention.scale", 0.5f),
        arguments("tiny-granite.gguf", "granite.rope.scaling.finetuned", false),
        arguments("tiny-granite.gguf", "granite.attention.sliding_window", 64),
        arguments("tiny-granite.gguf", "granite.expert_count", 8),
        // OLMo 3 has the architecture of OLMo 2, and a window in some layers.
        arguments("tiny-olmo2.gguf", "olmo2.attention.sliding_window", 64),
        arguments("tiny-smollm3.gguf", "smollm3.attention.sliding_window", 64),
        arguments("tiny-mixtral.gguf", "llama.expert_shared_count", 1),
        arguments("tiny-qwen3-moe.gguf", "qwen3moe.expert_weights_norm", false),
        arguments("tiny-qwen3-moe.gguf", "qwen3moe.expert_weights_scale", 2.5f),
        arguments("tiny-qwen3-moe.gguf", "qwen3moe.expert_gating_func", 2),
        arguments("tiny-gpt-oss-mxfp4.gguf", "gpt-oss.rope.scaling.yarn_ext_factor", 0f),
        arguments("tiny-gpt-oss-mxfp4.gguf", "gpt-oss.rope.scaling.yarn_attn_factor", 2f),
        arguments("tiny-gpt-oss-mxfp4.gguf", "gpt-oss.rope.scaling.yarn_beta_fast", -1f),
        arguments("tiny-gpt-oss-mxfp4.gguf", "gpt-oss.swiglu_clamp_exp", new float[] {7, 7}));
  }

  private static EditedGguf tinyLlama() {
    return EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"));
  }

  private static ModelConfig config(String name) {
    try (ModelFiles model = GgufModelFiles.open(ModelResources.tiny(name))) {
      return model.config();
    }
  }
}
