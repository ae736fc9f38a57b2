package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * What the workers of a step share in mixtures of experts: the routing of each such layer, and the
 * experts' outputs, a row of {@code hiddenSize} floats for each choice of {@link ExpertRouting}.
 */
final class ExpertActivations implements AutoCloseable {
  private final Map<Integer, ExpertRouting> routings = new HashMap<>();
  private final NativeMemory memory;
  private final NativeRows outputs;

  ExpertActivations(ModelConfig config, int maxStepTokens) {
    for (int layer = 0; layer < config.layerCount(); layer++) {
      if (config.layers().get(layer).feedForward() instanceof ExpertsConfig experts) {
        routings.put(layer, new ExpertRouting(experts, maxStepTokens));
      }
    }
    memory = NativeMemory.allocate(bytes(config, maxStepTokens), "outputs of experts");
    outputs = NativeRows.of(memory, config.hiddenSize());
  }

  /** Native bytes for steps of up to {@code maxStepTokens} tokens; 0 without experts. */
  static long bytes(ModelConfig config, int maxStepTokens) {
    long choices =
        config.layers().stream()
            .map(layer -> layer.feedForward())
            .mapToInt(
                layer -> layer instanceof ExpertsConfig experts ? experts.expertsPerToken() : 0)
            .max()
            .orElse(0);
    return choices * maxStepTokens * config.hiddenSize() * Float.BYTES;
  }

  /**
   * The routing of a layer: after a step, that of its rows; of the last layer, that of the logits
   * rows.
   *
   * @throws IllegalArgumentException if the layer has no experts
   */
  ExpertRouting routing(int layer) {
    ExpertRouting routing = routings.get(layer);
    if (routing == null) {
      throw new IllegalArgumentException("Layer " + layer + " has no experts");
    }
    return routing;
  }

  /** The experts' outputs. */
  NativeRows outputs() {
    return outputs;
  }

  @Override
  public void close() {
    memory.close();
  }
}
