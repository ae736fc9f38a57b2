package io.nightshift.operators.openai;

import io.nightshift.runtime.model.ModelConfig;

/**
 * What a model has room for.
 *
 * @param maxPositions the model's context in tokens
 * @param hiddenSize number of elements of an embedding
 * @param vocabularySize token ids are less
 */
record BodyLimits(int maxPositions, int hiddenSize, int vocabularySize) {
  static BodyLimits of(ModelConfig model) {
    return new BodyLimits(model.maxPositions(), model.hiddenSize(), model.vocabularySize());
  }
}
