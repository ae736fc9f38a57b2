package io.nightshift.benchmarks.constraint;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.TokenizerSource;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Stream;

/** Vocabularies without a model. */
final class VocabularyFiles {
  private VocabularyFiles() {}

  /**
   * Reads a {@code tokenizer.json}, a GGUF file, or byte-pair ranks: lines {@code BASE64 RANK}, as
   * tiktoken and {@code byte_pair_ranks.py} write them.
   */
  static GreedyVocabulary read(Path path) throws IOException {
    if (path.toString().endsWith(".json")) {
      return of(new TokenizerJson(Files.readString(path)));
    }
    if (path.toString().endsWith(".gguf")) {
      try (ModelFiles files = ModelFormats.open(path)) {
        return of(files.tokenizerSource());
      }
    }
    try (Stream<String> lines = Files.lines(path)) {
      return new GreedyVocabulary(
          lines
              .map(line -> Base64.getDecoder().decode(line.substring(0, line.indexOf(' '))))
              .toArray(byte[][]::new));
    }
  }

  /** A token for each byte: a text is accepted with it if its bytes are. */
  static GreedyVocabulary bytes() {
    byte[][] tokens = new byte[256][];
    for (int value = 0; value < tokens.length; value++) {
      tokens[value] = new byte[] {(byte) value};
    }
    return new GreedyVocabulary(tokens);
  }

  private static GreedyVocabulary of(TokenizerSource source) {
    try (Tokenizer tokenizer = Tokenizers.open(source)) {
      byte[][] tokens = new byte[tokenizer.vocabularySize()][];
      for (int token = 0; token < tokens.length; token++) {
        tokens[token] = tokenizer.tokenBytes(token);
      }
      return new GreedyVocabulary(tokens);
    }
  }
}
