package io.nightshift.runtime.engine;

import io.nightshift.runtime.sampling.Sampler;

/**
 * The buffers of one thread that turns logits into tokens.
 *
 * @param row room for the logits of the whole vocabulary
 * @param sampler the thread's own
 */
record LogitsWorkspace(float[] row, Sampler sampler) {

  LogitsWorkspace(int vocabularySize) {
    this(new float[vocabularySize], new Sampler(vocabularySize));
  }
}
