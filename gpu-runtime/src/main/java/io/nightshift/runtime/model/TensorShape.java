package io.nightshift.runtime.model;

import java.util.Optional;
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
            : Stream.of(matrix("lm_head.weight", config.logitsColumns(), hidden));
    Stream<TensorShape> layers =
        IntStream.range(0, config.layerCount())
            .boxed()
            .flatMap(layer -> layer(config, layer, "model.layers." + layer + "."));
    return Stream.of(outer, output, layers).flatMap(shapes -> shapes);
  }

  private static Stream<TensorShape> layer(ModelConfig config, int layer, String prefix) {
    NormPlacement norms = config.normPlacement();
    Stream<TensorShape> layerNorms =
        Stream.of(
                norms.attentionInput(),
                norms.attentionOutput(),
                norms.feedForwardInput(),
                norms.feedForwardOutput())
            .flatMap(Optional::stream)
            .map(name -> vector(prefix + name + ".weight", config.hiddenSize()));
    FeedForwardConfig mlp = config.layers().get(layer).feedForward();
    Stream<TensorShape> feedForward =
        mlp instanceof ExpertsConfig experts
            ? experts(config, prefix + "mlp.", experts)
            : gatedMlp(config, prefix + "mlp.", mlp.intermediateSize());
    return Stream.of(layerNorms, attention(config, prefix + "self_attn."), feedForward)
        .flatMap(shapes -> shapes);
  }

  private static Stream<TensorShape> attention(ModelConfig config, String prefix) {
    int hidden = config.hiddenSize();
    AttentionConfig attention = config.attention();
    int queries = attention.queryWidth();
    int keys = attention.keyWidth();
    Stream.Builder<TensorShape> shapes = Stream.builder();
    shapes.add(matrix(prefix + "q_proj.weight", queries, hidden));
    shapes.add(matrix(prefix + "k_proj.weight", keys, hidden));
    shapes.add(matrix(prefix + "v_proj.weight", keys, hidden));
    shapes.add(matrix(prefix + "o_proj.weight", hidden, queries));
    if (attention.queryKeyValueBias()) {
      shapes.add(vector(prefix + "q_proj.bias", queries));
      shapes.add(vector(prefix + "k_proj.bias", keys));
      shapes.add(vector(prefix + "v_proj.bias", keys));
    }
    if (attention.outputBias()) {
      shapes.add(vector(prefix + "o_proj.bias", hidden));
    }
    if (attention.queryKeyNorm() != QueryKeyNorm.NONE) {
      boolean eachHead = attention.queryKeyNorm() == QueryKeyNorm.EACH_HEAD;
      shapes.add(vector(prefix + "q_norm.weight", eachHead ? attention.headSize() : queries));
      shapes.add(vector(prefix + "k_norm.weight", eachHead ? attention.headSize() : keys));
    }
    if (attention.sinks()) {
      shapes.add(vector(prefix + "sinks", attention.heads()));
    }
    return shapes.build();
  }

  private static Stream<TensorShape> gatedMlp(ModelConfig config, String prefix, int intermediate) {
    int hidden = config.hiddenSize();
    return Stream.of(
        matrix(prefix + "gate_proj.weight", intermediate, hidden),
        matrix(prefix + "up_proj.weight", intermediate, hidden),
        matrix(prefix + "down_proj.weight", hidden, intermediate));
  }

  private static Stream<TensorShape> experts(
      ModelConfig config, String prefix, ExpertsConfig experts) {
    int hidden = config.hiddenSize();
    int intermediate = experts.intermediateSize();
    Stream<TensorShape> router =
        Stream.of(matrix(prefix + "gate.weight", experts.experts(), hidden));
    Stream<TensorShape> routerBias =
        experts.bias()
            ? Stream.of(vector(prefix + "gate.bias", experts.experts()))
            : Stream.empty();
    Stream<TensorShape> all =
        IntStream.range(0, experts.experts())
            .mapToObj(expert -> prefix + "experts." + expert + ".")
            .flatMap(
                expert ->
                    experts.bias()
                        ? Stream.concat(
                            gatedMlp(config, expert, intermediate),
                            Stream.of(
                                vector(expert + "gate_proj.bias", intermediate),
                                vector(expert + "up_proj.bias", intermediate),
                                vector(expert + "down_proj.bias", hidden)))
                        : gatedMlp(config, expert, intermediate));
    return Stream.of(router, routerBias, all).flatMap(shapes -> shapes);
  }

  private static TensorShape matrix(String name, int rows, int columns) {
    return new TensorShape(name, rows, columns);
  }

  private static TensorShape vector(String name, int elements) {
    return new TensorShape(name, 1, elements);
  }
}
