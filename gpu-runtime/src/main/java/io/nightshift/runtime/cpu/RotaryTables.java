package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import java.util.HashMap;
import java.util.Map;

/** The rotary embeddings of a model's layers. Layers with the same one share a table. */
final class RotaryTables {
  private final Map<RopeConfig, RotaryTable> tables = new HashMap<>();
  private final int headSize;

  RotaryTables(ModelConfig config) {
    headSize = config.attention().headSize();
    for (LayerConfig layer : config.layers()) {
      layer
          .rope()
          .ifPresent(rope -> tables.computeIfAbsent(rope, key -> new RotaryTable(key, headSize)));
    }
  }

  HeadRotation of(LayerConfig layer) {
    return layer
        .rope()
        .<HeadRotation>map(tables::get)
        .orElseGet(() -> new HeadRotation.None(headSize));
  }

  /** Computes the tables up to position {@code last}. Must not be called during a step. */
  void cover(int last) {
    tables.values().forEach(table -> table.cover(last));
  }
}
