package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.AttentionWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.ExpertsWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.FeedForwardWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Reads and packs the weights of layers. */
final class LayerPacker {
  private final ModelFiles files;
  private final ModelConfig config;
  private final LinearPacker packer;
  private final Consumer<PackedLinear> owner;

  /**
   * @param owner receives everything that is packed, and closes it
   */
  LayerPacker(ModelFiles files, LinearPacker packer, Consumer<PackedLinear> owner) {
    this.files = files;
    this.config = files.config();
    this.packer = packer;
    this.owner = owner;
  }

  /** Native bytes of a layer's weights. */
  static long bytes(OneDnn library, ModelConfig config, int layer, MatMulType type) {
    int hidden = config.hiddenSize();
    int queries = config.attention().queryWidth();
    return LinearPacker.bytes(library, type, hidden, queries)
        + LinearPacker.bytes(library, type, hidden, 2 * config.attention().keyWidth())
        + LinearPacker.bytes(library, type, queries, hidden)
        + feedForwardBytes(library, hidden, config.layers().get(layer).feedForward(), type);
  }

  private static long feedForwardBytes(
      OneDnn library, int hidden, FeedForwardConfig config, MatMulType type) {
    int intermediate = config.intermediateSize();
    long mlp =
        2 * LinearPacker.bytes(library, type, hidden, intermediate)
            + LinearPacker.bytes(library, type, intermediate, hidden);
    return config instanceof ExpertsConfig experts
        ? experts.experts() * mlp
            + LinearPacker.bytes(library, MatMulType.F32, hidden, experts.experts())
        : mlp;
  }

  CpuLayerWeights pack(int layer) {
    String prefix = "model.layers." + layer + ".";
    return new CpuLayerWeights(
        attention(prefix + "self_attn."),
        feedForward(prefix + "mlp.", config.layers().get(layer).feedForward()));
  }

  private AttentionWeights attention(String prefix) {
    AttentionConfig attention = config.attention();
    boolean bias = attention.queryKeyValueBias();
    boolean norms = attention.queryKeyNorm() != QueryKeyNorm.NONE;
    return new AttentionWeights(
        pack(bias, prefix + "q_proj"),
        pack(bias, prefix + "k_proj", prefix + "v_proj"),
        norms ? vector(prefix + "q_norm.weight") : null,
        norms ? vector(prefix + "k_norm.weight") : null,
        attention.sinks() ? vector(prefix + "sinks") : null,
        pack(attention.outputBias(), prefix + "o_proj"));
  }

  private FeedForwardWeights feedForward(String prefix, FeedForwardConfig feedForward) {
    if (feedForward instanceof ExpertsConfig experts) {
      boolean bias = experts.bias();
      return new ExpertsWeights(
          register(
              packer.packExactly(
                  files.tensor(prefix + "gate.weight"),
                  bias ? List.of(files.tensor(prefix + "gate.bias")) : List.of())),
          IntStream.range(0, experts.experts())
              .mapToObj(expert -> mlp(prefix + "experts." + expert + ".", bias))
              .toList());
    }
    return mlp(prefix, false);
  }

  private MlpWeights mlp(String prefix, boolean bias) {
    return new MlpWeights(
        pack(bias, prefix + "gate_proj"),
        pack(bias, prefix + "up_proj"),
        pack(bias, prefix + "down_proj"));
  }

  private PackedLinear pack(boolean bias, String... names) {
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (String name : names) {
      weights.add(files.tensor(name + ".weight"));
      if (bias) {
        biases.add(files.tensor(name + ".bias"));
      }
    }
    return register(packer.pack(weights, biases));
  }

  private PackedLinear register(PackedLinear packed) {
    owner.accept(packed);
    return packed;
  }

  private float[] vector(String name) {
    Tensor tensor = files.tensor(name);
    float[] values = new float[tensor.columns()];
    tensor.readRows(0, 1, values, 0);
    return values;
  }
}
