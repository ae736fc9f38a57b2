package io.nightshift.runtime.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.ModelResources;
import java.nio.file.Path;
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

  private static EditedGguf tinyLlama() {
    return EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"));
  }

  private static ModelConfig config(String name) {
    try (ModelFiles model = GgufModelFiles.open(ModelResources.tiny(name))) {
      return model.config();
    }
  }
}
