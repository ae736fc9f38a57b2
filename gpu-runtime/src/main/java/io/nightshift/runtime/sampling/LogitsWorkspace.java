package io.nightshift.runtime.sampling;

/**
 * The buffers of one thread that turns logits into tokens.
 *
 * @param row room for the logits of the whole vocabulary
 * @param sampler the thread's own
 */
public record LogitsWorkspace(float[] row, Sampler sampler) {

  public LogitsWorkspace(int vocabularySize) {
    this(new float[vocabularySize], new Sampler(vocabularySize));
  }
}
