package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Vocabularies to test with: a real one, and odd ones. */
public final class Vocabularies {
  private Vocabularies() {}

  /** SmolLM2's tokenizer. */
  public static Tokenizer smolLm2() {
    try (ModelFiles files = ModelFormats.open(RealModel.smolLm2())) {
      return Tokenizers.open(files.tokenizerSource());
    }
  }

  public static Vocabulary of(Tokenizer tokenizer) {
    int end = tokenizer.tokenId("<|im_end|>").orElseThrow();
    return Vocabulary.of(tokenizer, Set.of(end), tokenizer.vocabularySize() + 7);
  }

  /** All single bytes, then these tokens; the last token ends an answer. */
  public static Vocabulary bytesAnd(String... tokens) {
    byte[][] bytes = new byte[256 + tokens.length + 2][];
    for (int value = 0; value < 256; value++) {
      bytes[value] = new byte[] {(byte) value};
    }
    for (int i = 0; i < tokens.length; i++) {
      bytes[256 + i] = tokens[i].getBytes(StandardCharsets.UTF_8);
    }
    bytes[bytes.length - 2] = new byte[0];
    bytes[bytes.length - 1] = new byte[0];
    return of(bytes);
  }

  public static Vocabulary of(byte[][] bytes) {
    return new Vocabulary(bytes, List.of(bytes.length - 1), 0, text -> longestTokens(bytes, text));
  }

  private static int[] longestTokens(byte[][] vocabulary, String text) {
    byte[] rest = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[rest.length];
    int count = 0;
    while (rest.length > 0) {
      int longest = -1;
      for (int token = 0; token < vocabulary.length; token++) {
        byte[] bytes = vocabulary[token];
        if (bytes.length > (longest < 0 ? 0 : vocabulary[longest].length)
            && bytes.length <= rest.length
            && Arrays.equals(bytes, Arrays.copyOf(rest, bytes.length))) {
          longest = token;
        }
      }
      tokens[count++] = longest;
      rest = Arrays.copyOfRange(rest, vocabulary[longest].length, rest.length);
    }
    return Arrays.copyOf(tokens, count);
  }
}
