package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;

/** Scratch memory of one worker that its layers with experts share. */
final class ExpertScratch implements AutoCloseable {
  /** Scores of the experts, for the rows of a tile. */
  final FloatScratch scores = new FloatScratch("scores of experts");

  /** Inputs of an expert, for the rows of a tile. */
  final FloatScratch inputs = new FloatScratch("inputs of an expert");

  /** Outputs of an expert, or of all, for the rows of a tile. */
  final FloatScratch outputs = new FloatScratch("outputs of an expert");

  /** Native bytes for tiles of {@code rows} rows; 0 without experts. */
  static long bytes(ModelConfig config, int rows) {
    long experts =
        config.layers().stream()
            .map(layer -> layer.feedForward())
            .mapToInt(layer -> layer instanceof ExpertsConfig mixture ? mixture.experts() : 0)
            .max()
            .orElse(0);
    return experts == 0 ? 0 : rows * (experts + 2L * config.hiddenSize()) * Float.BYTES;
  }

  @Override
  public void close() {
    scores.close();
    inputs.close();
    outputs.close();
  }
}
