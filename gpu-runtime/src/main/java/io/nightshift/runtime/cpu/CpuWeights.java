package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import java.util.ArrayList;
import java.util.List;

/** All weights in native memory, except for the input embedding, which stays in the files. */
final class CpuWeights implements AutoCloseable {
  private final List<CpuLayerWeights> layers = new ArrayList<>();
  private final List<PackedLinear> parts = new ArrayList<>();
  private final NormWeights norms;
  private final Tensor embedding;
  private PackedLinear outputProjection;

  /** Packs the weights of {@code files}, which must stay open while these weights are used. */
  @SuppressWarnings("NullAway.Init")
  CpuWeights(ModelFiles files, LinearPacker packer) {
    ModelConfig config = files.config();
    embedding = files.tensor("model.embed_tokens.weight");
    norms = new NormWeights(files);
    LayerPacker layerPacker = new LayerPacker(files, packer, parts::add);
    try {
      for (int layer = 0; layer < config.layerCount(); layer++) {
        layers.add(layerPacker.pack(layer));
      }
      outputProjection = packer.pack(List.of(outputWeights(files)), List.of());
      parts.add(outputProjection);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Native bytes of a model's weights. */
  static long bytes(ModelFiles files, LinearFormats formats) {
    ModelConfig config = files.config();
    long sum =
        formats.of(List.of(outputWeights(files))).bytes(formats.library())
            + NormWeights.bytes(config);
    for (int layer = 0; layer < config.layerCount(); layer++) {
      sum += LayerPacker.bytes(files, formats, layer);
    }
    return sum;
  }

  private static Tensor outputWeights(ModelFiles files) {
    return files.tensor(
        files.config().tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
  }

  CpuLayerWeights layer(int index) {
    return layers.get(index);
  }

  NormWeights norms() {
    return norms;
  }

  PackedLinear outputProjection() {
    return outputProjection;
  }

  /** The embedding matrix, one row per token id. */
  Tensor embedding() {
    return embedding;
  }

  @Override
  public void close() {
    parts.forEach(PackedLinear::close);
    norms.close();
  }
}
