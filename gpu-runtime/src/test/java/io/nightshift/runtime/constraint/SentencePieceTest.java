package io.nightshift.runtime.constraint;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.language;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.Schemas;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers that add a space before a text, and write rare characters as bytes. */
class SentencePieceTest {

  private static Tokenizer open(String name) throws IOException {
    try (InputStream json =
        SentencePieceTest.class.getResourceAsStream("/tokenizer/" + name + "/tokenizer.json")) {
      byte[] bytes = Objects.requireNonNull(json, name).readAllBytes();
      return Tokenizers.open(new TokenizerJson(new String(bytes, StandardCharsets.UTF_8)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama2", "mistral", "gemma", "phi3", "unigram-bytes"})
  void theDecodedTextIsTheOneThatTheConstraintAllows(String name) throws IOException {
    try (Tokenizer tokenizer = open(name)) {
      int end = tokenizer.vocabularySize();
      Vocabulary vocabulary = Vocabulary.of(tokenizer, Set.of(end), end + 1);
      Constraint spaces = Constraints.plain(language(" ?x|   \uD83D\uDE00"), vocabulary);
      Constraint json = Constraints.json(Schemas.extraction(), true, vocabulary);
      Random random = new Random(2);
      for (int seed = 0; seed < 20; seed++) {
        assertThat(generate(spaces, tokenizer, end, random)).isIn("x", " x", "   \uD83D\uDE00");
      }
      for (int seed = 0; seed < 3; seed++) {
        String answer = generate(json, tokenizer, end, random);
        assertThat(answer).startsWith("{\"name\":");
        assertThat(new ObjectMapper().readTree(answer).size()).isGreaterThanOrEqualTo(10);
      }
    }
  }

  private static String generate(
      Constraint constraint, Tokenizer tokenizer, int end, Random random) {
    TokenMatcher matcher = constraint.matcher();
    int[] tokens = new int[constraint.shortestTokens() + 20];
    int count = 0;
    while (!matcher.isComplete()) {
      TokenMask mask = matcher.mask(tokens.length - count);
      int[] allowed = BitSet.valueOf(mask.words()).stream().toArray();
      int token = allowed[random.nextInt(allowed.length)];
      matcher.accept(token);
      if (token != end) {
        tokens[count++] = token;
      }
    }
    return tokenizer.decode(Arrays.copyOf(tokens, count));
  }
}
