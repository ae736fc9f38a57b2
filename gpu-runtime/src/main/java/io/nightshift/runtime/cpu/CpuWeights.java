package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.AttentionWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.cpu.onednn.MatMulType;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.cpu.onednn.OneDnn;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.Tensor;
import java.util.ArrayList;
import java.util.List;

/** All weights in native memory, except for the input embedding, which stays in the files. */
final class CpuWeights implements AutoCloseable {
  private final List<CpuLayerWeights> layers = new ArrayList<>();
  private final List<PackedLinear> parts = new ArrayList<>();
  private final NativeMemory norms;
  private final Tensor embedding;
  private final Tensor output;
  private final ModelConfig config;
  private final ModelFiles files;
  private PackedLinear outputProjection;

  /** Packs the weights of {@code files}, which must stay open while these weights are used. */
  @SuppressWarnings("NullAway.Init")
  CpuWeights(ModelFiles files, LinearPacker packer) {
    this.files = files;
    config = files.config();
    embedding = files.tensor("model.embed_tokens.weight");
    output = config.tiedEmbeddings() ? embedding : files.tensor("lm_head.weight");
    norms = NativeMemory.allocate(normBytes(config), "norm weights");
    try {
      for (int layer = 0; layer < config.layerCount(); layer++) {
        layers.add(layer(layer, packer));
      }
      readNorm("model.norm.weight", 2 * config.layerCount());
      outputProjection = register(packer.pack(List.of(output), List.of()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Native bytes of a model's weights. */
  static long bytes(OneDnn library, ModelConfig config, MatMulType type) {
    int hidden = config.hiddenSize();
    int queries = config.attention().heads() * config.attention().headSize();
    int keysAndValues = 2 * config.attention().keyValueHeads() * config.attention().headSize();
    int intermediate = config.layers().get(0).feedForward().intermediateSize();
    long layer =
        LinearPacker.bytes(library, type, hidden, queries)
            + LinearPacker.bytes(library, type, hidden, keysAndValues)
            + LinearPacker.bytes(library, type, queries, hidden)
            + 2 * LinearPacker.bytes(library, type, hidden, intermediate)
            + LinearPacker.bytes(library, type, intermediate, hidden);
    return config.layerCount() * layer
        + LinearPacker.bytes(library, type, hidden, config.vocabularySize())
        + normBytes(config);
  }

  CpuLayerWeights layer(int index) {
    return layers.get(index);
  }

  /** Address of the final norm's weights. */
  long finalNorm() {
    return normAddress(2 * config.layerCount());
  }

  PackedLinear outputProjection() {
    return outputProjection;
  }

  /** The embedding matrix, one row per token id. */
  Tensor embedding() {
    return embedding;
  }

  /** The output projection's matrix as in the files, one row per token id. */
  Tensor output() {
    return output;
  }

  private CpuLayerWeights layer(int index, LinearPacker packer) {
    String prefix = "model.layers." + index + ".";
    readNorm(prefix + "input_layernorm.weight", 2 * index);
    readNorm(prefix + "post_attention_layernorm.weight", 2 * index + 1);
    return new CpuLayerWeights(
        normAddress(2 * index),
        attention(prefix + "self_attn.", packer),
        normAddress(2 * index + 1),
        new MlpWeights(
            pack(packer, false, prefix + "mlp.gate_proj"),
            pack(packer, false, prefix + "mlp.up_proj"),
            pack(packer, false, prefix + "mlp.down_proj")));
  }

  private AttentionWeights attention(String prefix, LinearPacker packer) {
    boolean bias = config.attention().queryKeyValueBias();
    return new AttentionWeights(
        pack(packer, bias, prefix + "q_proj"),
        pack(packer, bias, prefix + "k_proj", prefix + "v_proj"),
        config.attention().queryKeyNorm() != QueryKeyNorm.NONE
            ? vector(prefix + "q_norm.weight")
            : null,
        config.attention().queryKeyNorm() != QueryKeyNorm.NONE
            ? vector(prefix + "k_norm.weight")
            : null,
        pack(packer, config.attention().outputBias(), prefix + "o_proj"));
  }

  private PackedLinear pack(LinearPacker packer, boolean bias, String... names) {
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

  private PackedLinear register(PackedLinear part) {
    parts.add(part);
    return part;
  }

  private float[] vector(String name) {
    Tensor tensor = files.tensor(name);
    float[] values = new float[tensor.columns()];
    tensor.readRows(0, 1, values, 0);
    return values;
  }

  private void readNorm(String name, int index) {
    int hidden = config.hiddenSize();
    int floats = (2 * config.layerCount() + 1) * hidden;
    norms.floats(floats).put(index * hidden, vector(name));
  }

  private long normAddress(int index) {
    return norms.address() + (long) index * config.hiddenSize() * Float.BYTES;
  }

  private static long normBytes(ModelConfig config) {
    return (2L * config.layerCount() + 1) * config.hiddenSize() * Float.BYTES;
  }

  @Override
  public void close() {
    parts.forEach(PackedLinear::close);
    norms.close();
  }
}
