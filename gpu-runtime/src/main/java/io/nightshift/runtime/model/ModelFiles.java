package io.nightshift.runtime.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a model, a Hugging Face folder or a GGUF file, validated when they are opened.
 * Thread-safe for reading.
 *
 * <p>Tensor names are Hugging Face's: {@code model.embed_tokens.weight}, {@code
 * model.layers.N.input_layernorm.weight}, {@code
 * model.layers.N.self_attn.{q,k,v,o}_proj.{weight,bias}}, {@code
 * model.layers.N.self_attn.{q,k}_norm.weight}, {@code
 * model.layers.N.post_attention_layernorm.weight}, {@code
 * model.layers.N.mlp.{gate,up,down}_proj.weight}, {@code model.norm.weight}, {@code lm_head.weight}
 * (absent if {@link ModelConfig#tiedEmbeddings()}).
 */
public interface ModelFiles extends AutoCloseable {

  /** The file or folder that was opened. */
  Path path();

  ModelConfig config();

  /**
   * The tensor with the given Hugging Face name. All tensors that {@link #config()} implies exist
   * with the right shape, which is validated when the model is opened.
   *
   * @throws ModelFormatException if the model has no such tensor
   */
  Tensor tensor(String name);

  /**
   * How the weights are quantized, for people, such as {@code 4-bit GPTQ, groups of 128}; empty if
   * they are not.
   */
  default Optional<String> quantization() {
    return Optional.empty();
  }

  /**
   * Whether the model has weights for logits. If not, as with some models for embeddings, the
   * embedding matrix stands in for them ({@link ModelConfig#tiedEmbeddings()}), and logits mean
   * nothing.
   */
  default boolean hasOutputProjection() {
    return true;
  }

  /** Definition of the model's tokenizer. */
  TokenizerSource tokenizerSource();

  /** The model's chat template and its special tokens, if the model has a template. */
  Optional<ChatTemplate> chatTemplate();

  /**
   * Closes the files. Reading a tensor then throws an {@link IllegalStateException}. The memory
   * mapping is released by a later garbage collection.
   */
  @Override
  void close();
}
