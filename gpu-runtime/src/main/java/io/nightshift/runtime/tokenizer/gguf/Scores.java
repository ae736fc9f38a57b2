package io.nightshift.runtime.tokenizer.gguf;

import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;

/** Token scores of SentencePiece's BPE and Unigram models. */
final class Scores {

  private Scores() {}

  /**
   * The score of each token.
   *
   * @throws ModelFormatException if a token has no finite score
   */
  static float[] of(GgufVocabulary source) {
    float[] scores = source.scores();
    int tokens = source.tokens().size();
    if (scores.length != tokens) {
      throw new ModelFormatException(
          "tokenizer.ggml.scores "
              + (scores.length == 0 ? "is missing" : "has " + scores.length + " entries")
              + " for "
              + tokens
              + " tokens; a "
              + source.model()
              + " tokenizer needs one each");
    }
    for (int id = 0; id < tokens; id++) {
      if (!Float.isFinite(scores[id])) {
        throw new ModelFormatException(
            "tokenizer.ggml.scores[" + id + "] is " + scores[id] + ", expected a finite number");
      }
    }
    return scores;
  }
}
