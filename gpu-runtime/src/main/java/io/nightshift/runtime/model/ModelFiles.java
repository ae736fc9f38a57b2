package io.nightshift.runtime.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model on disk: a Hugging Face folder or a GGUF file, checked when opened. Thread-safe for
 * reading.
 *
 * <p>Tensor names are Hugging Face's: {@code model.embed_tokens.weight}, {@code
 * model.layers.N.input_layernorm.weight}, {@code
 * model.layers.N.self_attn.{q,k,v,o}_proj.{weight,bias}}, {@code
 * model.layers.N.self_attn.{q,k}_norm.weight}, {@code
 * model.layers.N.post_attention_layernorm.weight}, {@code
 * model.layers.N.mlp.{gate,up,down}_proj.weight}, {@code model.norm.weight}, {@code lm_head.weight}
 * (absent where {@link ModelConfig#tiedEmbeddings()}).
 */
public interface ModelFiles extends AutoCloseable {

  /** The file or folder that was opened. */
  Path path();

  ModelConfig config();

  /**
   * The tensor with the given Hugging Face name. Every tensor that {@link #config()} implies exists
   * with the right shape: opening has checked it.
   *
   * @throws ModelFormatException if the model has no such tensor
   */
  Tensor tensor(String name);

  /** What to build the model's tokenizer from. */
  TokenizerSource tokenizerSource();

  /** The model's chat template and the tokens it may name, where the model has a template. */
  Optional<ChatTemplate> chatTemplate();

  /**
   * Lets go of the files. Tensors must not be read any more; doing so is an {@link
   * IllegalStateException}. The operating system's mapping ends when the garbage collector finds
   * it.
   */
  @Override
  void close();
}
