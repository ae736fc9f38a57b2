package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorEncodings;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How the weights of a model lie in device memory. Linear layers of decoder layers stay packed as
 * they are stored, in tiles if the device multiplies these, but for experts. The embedding and the
 * projections to logits and to scores of experts are bf16: rows of the embedding are read one by
 * one, and products of the other two decide what comes next.
 */
public final class WeightLayout {
  private static final int LAYER_VECTORS = 5;

  private final ModelConfig config;
  private final GemmType type;
  private final TensorEncodings encodings;
  private final boolean tiles;

  /**
   * @param type of the GEMMs of the model's layers
   * @param encodings how its tensors are stored
   * @param tiles whether the device multiplies weights in tiles
   */
  public WeightLayout(ModelConfig config, GemmType type, TensorEncodings encodings, boolean tiles) {
    this.config = config;
    this.type = type;
    this.encodings = encodings;
    this.tiles = tiles;
  }

  ModelConfig config() {
    return config;
  }

  /** A linear layer of a decoder layer. */
  LinearLayout linear(LayerTensors.Linear linear) {
    LinearLayout rowMajor = experts(linear);
    return tiles ? rowMajor.inTiles() : rowMajor;
  }

  /** A projection of a layer's experts. */
  LinearLayout experts(LayerTensors.Linear linear) {
    return LinearLayout.of(type, linear, encodings);
  }

  LinearLayout embedding() {
    return bf16("model.embed_tokens.weight", config.vocabularySize());
  }

  /** The output projection of a model that does not tie it to the embedding. */
  LinearLayout outputProjection() {
    return bf16("lm_head.weight", config.logitsColumns());
  }

  LinearLayout router(LayerTensors.Linear router) {
    return LinearLayout.dense(GemmType.BF16, router);
  }

  private LinearLayout bf16(String tensor, int rows) {
    return LinearLayout.dense(
        GemmType.BF16,
        new LayerTensors.Linear(config.hiddenSize(), List.of(TensorRows.all(tensor, rows))));
  }

  /** Bytes of device memory that the weights take. */
  public long bytes() {
    int hidden = config.hiddenSize();
    int queries = config.attention().queryWidth();
    int keys = config.attention().keyWidth();
    long vectors =
        vectorBytes(queries + 2 * keys)
            + vectorBytes(queries)
            + vectorBytes(keys)
            + vectorBytes(config.attention().heads())
            + LAYER_VECTORS * vectorBytes(hidden);
    long routers =
        config.layers().stream().mapToLong(layer -> routerBytes(layer.feedForward())).sum();
    long output = config.tiedEmbeddings() ? 0 : outputProjection().bytes();
    return config.layerCount() * vectors
        + linears().mapToLong(LinearLayout::bytes).sum()
        + routers
        + embedding().bytes()
        + output
        + vectorBytes(hidden);
  }

  /** Bytes of the largest matrix that weights are unpacked to; 0 if none are packed. */
  public long unpackedBytes() {
    ToLongFunction<LinearLayout> bytes = LinearLayout::unpackedBytes;
    return linears().mapToLong(bytes).max().orElse(0);
  }

  /** Whether the weights of a linear layer are in tiles. */
  public boolean hasTiles() {
    return linears().anyMatch(LinearLayout::tiled);
  }

  /** The linear layers that may be packed. */
  private Stream<LinearLayout> linears() {
    return IntStream.range(0, config.layerCount())
        .boxed()
        .flatMap(
            layer -> {
              LayerTensors tensors = new LayerTensors(config, layer);
              return Stream.concat(
                  Stream.of(tensors.queryKeyValue(), tensors.attentionOutput()).map(this::linear),
                  feedForward(tensors, config.layers().get(layer).feedForward()));
            });
  }

  private Stream<LinearLayout> feedForward(LayerTensors tensors, FeedForwardConfig feedForward) {
    if (feedForward instanceof ExpertsConfig experts) {
      return Stream.of(tensors.gateUp(experts), tensors.down(experts)).map(this::experts);
    }
    GatedMlpConfig mlp = (GatedMlpConfig) feedForward;
    return Stream.of(tensors.gateUp(mlp), tensors.down(mlp)).map(this::linear);
  }

  private long routerBytes(FeedForwardConfig feedForward) {
    if (!(feedForward instanceof ExpertsConfig experts)) {
      return 0;
    }
    long count = experts.experts();
    long biases =
        vectorBytes(count)
            + vectorBytes(count * 2 * experts.intermediateSize())
            + vectorBytes(count * config.hiddenSize());
    LayerTensors tensors = new LayerTensors(config, 0);
    return router(tensors.router(experts)).bytes() + (experts.bias() ? biases : 0);
  }

  private static long vectorBytes(long elements) {
    return DeviceMemory.aligned(elements * Float.BYTES);
  }
}
