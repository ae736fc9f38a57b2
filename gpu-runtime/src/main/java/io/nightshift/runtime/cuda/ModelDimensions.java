package io.nightshift.runtime.cuda;

import io.nightshift.runtime.model.ModelConfig;

/** Widths of a model's matrices, in elements. */
record ModelDimensions(ModelConfig config) {
  /** Heads are padded to a multiple of this in queries and the KV cache: a tensor core's tile. */
  private static final int HEAD_UNIT = 16;

  int hidden() {
    return config.hiddenSize();
  }

  int intermediate() {
    return config.intermediateSize();
  }

  /** Queries of one token, all heads, unpadded. */
  int queries() {
    return config.attentionHeads() * config.headSize();
  }

  /** Keys and values of one token, all heads, unpadded. */
  int keysAndValues() {
    return 2 * config.keyValueHeads() * config.headSize();
  }

  int projection() {
    return queries() + keysAndValues();
  }

  /** Elements from one head to the next in queries and the KV cache. */
  int headStride() {
    return (config.headSize() + HEAD_UNIT - 1) / HEAD_UNIT * HEAD_UNIT;
  }

  int paddedQueries() {
    return config.attentionHeads() * headStride();
  }
}
