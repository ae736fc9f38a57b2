package io.nightshift.runtime.model;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Name and shape of a tensor that a model must have.
 *
 * @param name Hugging Face's name
 * @param rows number of rows of a matrix; 1 for a vector
 * @param columns number of elements per row
 */
public record TensorShape(String name, int rows, int columns) {

  /**
   * All tensors that a configuration implies: first those outside of the layers, then layer by
   * layer. The stream is lazy, so that a consumer that stops at the first missing tensor is safe
   * from a configuration that claims a billion layers.
   */
  public static Stream<TensorShape> impliedBy(ModelConfig config) {
    int hidden = config.hiddenSize();
    Stream<TensorShape> outer =
        Stream.of(
            matrix("model.embed_tokens.weight", config.vocabularySize(), hidden),
            vector("model.norm.weight", hidden));
    Stream<TensorShape> output =
        config.tiedEmbeddings()
            ? Stream.empty()
            : Stream.of(matrix("lm_head.weight", config.vocabularySize(), hidden));
    Stream<TensorShape> layers =
        IntStream.range(0, config.layers())
            .mapToObj(layer -> layer(config, "model.layers." + layer + "."))
            .flatMap(shapes -> shapes);
    return Stream.of(outer, output, layers).flatMap(shapes -> shapes);
  }

  private static Stream<TensorShape> layer(ModelConfig config, String prefix) {
    int hidden = config.hiddenSize();
    int queries = config.attentionHeads() * config.headSize();
    int keys = config.keyValueHeads() * config.headSize();
    String attention = prefix + "self_attn.";
    String mlp = prefix + "mlp.";
    Stream.Builder<TensorShape> shapes = Stream.builder();
    shapes.add(vector(prefix + "input_layernorm.weight", hidden));
    shapes.add(matrix(attention + "q_proj.weight", queries, hidden));
    shapes.add(matrix(attention + "k_proj.weight", keys, hidden));
    shapes.add(matrix(attention + "v_proj.weight", keys, hidden));
    shapes.add(matrix(attention + "o_proj.weight", hidden, queries));
    if (config.queryKeyValueBias()) {
      shapes.add(vector(attention + "q_proj.bias", queries));
      shapes.add(vector(attention + "k_proj.bias", keys));
      shapes.add(vector(attention + "v_proj.bias", keys));
    }
    if (config.outputBias()) {
      shapes.add(vector(attention + "o_proj.bias", hidden));
    }
    if (config.queryKeyNorm()) {
      shapes.add(vector(attention + "q_norm.weight", config.headSize()));
      shapes.add(vector(attention + "k_norm.weight", config.headSize()));
    }
    shapes.add(vector(prefix + "post_attention_layernorm.weight", hidden));
    shapes.add(matrix(mlp + "gate_proj.weight", config.intermediateSize(), hidden));
    shapes.add(matrix(mlp + "up_proj.weight", config.intermediateSize(), hidden));
    shapes.add(matrix(mlp + "down_proj.weight", hidden, config.intermediateSize()));
    return shapes.build();
  }

  private static TensorShape matrix(String name, int rows, int columns) {
    return new TensorShape(name, rows, columns);
  }

  private static TensorShape vector(String name, int elements) {
    return new TensorShape(name, 1, elements);
  }
}
