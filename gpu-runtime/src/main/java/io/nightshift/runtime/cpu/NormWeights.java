package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.NormPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Weights of all norms of hidden states: {@code hiddenSize} f32 weights each. */
final class NormWeights implements AutoCloseable {
  private static final String FINAL_NORM = "model.norm";

  /**
   * Norms of a part of a layer, attention or the feed-forward network, as addresses of their
   * weights.
   *
   * @param input of the part's input
   * @param output of the part's output, before it is added to the residual stream
   */
  record PartNorms(OptionalLong input, OptionalLong output) {}

  private final NormPlacement placement;
  private final List<String> names;
  private final long bytes;
  private final NativeMemory memory;

  NormWeights(ModelFiles files) {
    ModelConfig config = files.config();
    placement = config.normPlacement();
    names = names(config);
    bytes = (long) config.hiddenSize() * Float.BYTES;
    memory = NativeMemory.allocate(bytes(config), "norm weights");
    try {
      read(files, new float[config.hiddenSize()]);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private void read(ModelFiles files, float[] row) {
    for (int i = 0; i < names.size(); i++) {
      files.tensor(names.get(i) + ".weight").readRows(0, 1, row, 0);
      memory.floats((long) i * row.length, row.length).put(row);
    }
  }

  /** Native bytes of a model's norms. */
  static long bytes(ModelConfig config) {
    return (long) names(config).size() * config.hiddenSize() * Float.BYTES;
  }

  private static List<String> names(ModelConfig config) {
    NormPlacement norms = config.normPlacement();
    List<String> names = new ArrayList<>();
    for (int layer = 0; layer < config.layerCount(); layer++) {
      String prefix = prefix(layer);
      Stream.of(
              norms.attentionInput(),
              norms.attentionOutput(),
              norms.feedForwardInput(),
              norms.feedForwardOutput())
          .flatMap(Optional::stream)
          .forEach(name -> names.add(prefix + name));
    }
    names.add(FINAL_NORM);
    return names;
  }

  private static String prefix(int layer) {
    return "model.layers." + layer + ".";
  }

  PartNorms attention(int layer) {
    return part(layer, placement.attentionInput(), placement.attentionOutput());
  }

  PartNorms feedForward(int layer) {
    return part(layer, placement.feedForwardInput(), placement.feedForwardOutput());
  }

  private PartNorms part(int layer, Optional<String> input, Optional<String> output) {
    return new PartNorms(address(layer, input), address(layer, output));
  }

  private OptionalLong address(int layer, Optional<String> name) {
    return name.isPresent()
        ? OptionalLong.of(address(prefix(layer) + name.get()))
        : OptionalLong.empty();
  }

  /** Address of the final norm's weights. */
  long finalNorm() {
    return address(FINAL_NORM);
  }

  private long address(String name) {
    return memory.address() + names.indexOf(name) * bytes;
  }

  @Override
  public void close() {
    memory.close();
  }
}
