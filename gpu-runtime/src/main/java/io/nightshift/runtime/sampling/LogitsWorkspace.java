package io.nightshift.runtime.sampling;

/**
 * Buffers of a thread that samples tokens from logits.
 *
 * @param row buffer for the logits of the whole vocabulary
 * @param sampler sampler of this thread
 */
public record LogitsWorkspace(float[] row, Sampler sampler) {

  public LogitsWorkspace(int vocabularySize) {
    this(new float[vocabularySize], new Sampler(vocabularySize));
  }
}
