package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.AttentionWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.ExpertsWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.FeedForwardWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Native bytes of a layer's linear layers. */
  static long bytes(ModelFiles files, LinearFormats formats, int layer) {
    String prefix = prefix(layer);
    String attention = prefix + "self_attn.";
    return bytes(files, formats, attention + "q_proj")
        + bytes(files, formats, attention + "k_proj", attention + "v_proj")
        + bytes(files, formats, attention + "o_proj")
        + feedForwardBytes(
            files, formats, prefix + "mlp.", files.config().layers().get(layer).feedForward());
  }

  private static long feedForwardBytes(
      ModelFiles files, LinearFormats formats, String prefix, FeedForwardConfig feedForward) {
    if (!(feedForward instanceof ExpertsConfig experts)) {
      return mlpBytes(files, formats, prefix);
    }
    long router =
        LinearFormats.exact(files.tensor(prefix + "gate.weight")).bytes(formats.library());
    return router
        + IntStream.range(0, experts.experts())
            .mapToLong(expert -> mlpBytes(files, formats, prefix + "experts." + expert + "."))
            .sum();
  }

  private static long mlpBytes(ModelFiles files, LinearFormats formats, String prefix) {
    return bytes(files, formats, prefix + "gate_proj")
        + bytes(files, formats, prefix + "up_proj")
        + bytes(files, formats, prefix + "down_proj");
  }

  private static long bytes(ModelFiles files, LinearFormats formats, String... names) {
    List<Tensor> weights =
        Arrays.stream(names).map(name -> files.tensor(name + ".weight")).toList();
    return formats.of(weights).bytes(formats.library());
  }

  private static String prefix(int layer) {
    return "model.layers." + layer + ".";
  }

  CpuLayerWeights pack(int layer) {
    String prefix = prefix(layer);
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
