package io.nightshift.runtime.constraint;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.anyString;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.language;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.mask.Vocabularies;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.Schemas;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConstraintsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Vocabulary LETTERS = Vocabularies.bytesAnd();
  private static Tokenizer tokenizer;
  private static Vocabulary vocabulary;

  @BeforeAll
  static void open() {
    tokenizer = Vocabularies.smolLm2();
    vocabulary = Vocabularies.of(tokenizer);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  /** Generates with random logits. */
  private static String generate(Constraint constraint, Vocabulary tokens, int max, Random random) {
    TokenMatcher matcher = constraint.matcher();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int remaining = max;
    while (!matcher.isComplete()) {
      assertThat(matcher.shortestEnd()).isLessThanOrEqualTo(remaining);
      TokenMask mask = matcher.mask(remaining);
      assertThat(mask.count()).isPositive();
      int token = pick(mask, random);
      matcher.accept(token);
      if (!tokens.isEnd(token)) {
        text.writeBytes(tokens.bytes(token));
        remaining--;
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static int pick(TokenMask mask, Random random) {
    BitSet set = BitSet.valueOf(mask.words());
    int skip = random.nextInt(mask.count());
    int token = set.nextSetBit(0);
    while (skip-- > 0) {
      token = set.nextSetBit(token + 1);
    }
    return token;
  }

  @Test
  void answersAreCompleteAtEveryMaximum() throws JsonProcessingException {
    Random random = new Random(1);
    for (ValueRule schema : List.of(Schemas.extraction(), Schemas.anything(), Schemas.open())) {
      Constraint constraint = Constraints.json(schema, false, vocabulary);
      int shortest = constraint.shortestTokens();
      for (int max = shortest; max < shortest + 20; max += 5) {
        MAPPER.readTree(generate(constraint, vocabulary, max, random));
      }
    }
  }

  /** A vocabulary in which some characters cannot be written. */
  @Test
  void allowsOnlyWhatTheVocabularyCanComplete() {
    byte[][] bytes = new byte[128][];
    for (int value = 0; value < 126; value++) {
      bytes[value] = new byte[] {(byte) value};
    }
    bytes[126] = "\u00e9".getBytes(StandardCharsets.UTF_8);
    bytes[127] = new byte[] {(byte) 0xC3};
    byte[][] all = Arrays.copyOf(bytes, 129);
    all[128] = new byte[0];
    Vocabulary incomplete = Vocabularies.of(all);
    Constraint constraint = Constraints.json(rule(anyString(1, 3)), false, incomplete);
    TokenMatcher matcher = constraint.matcher();
    matcher.accept('"');

    assertThat(matcher.mask(9).contains(126)).isTrue();
    assertThat(matcher.mask(9).contains(127)).isFalse();
    assertThat(matcher.mask(9).contains('a')).isTrue();
    assertThatThrownBy(() -> Constraints.plain(language("\u65e5"), incomplete))
        .isInstanceOf(ConstraintException.class)
        .hasMessageContaining("vocabulary");
  }

  @Test
  void allowsTheEndWhereTheAnswerMayEnd() {
    Constraint constraint = Constraints.plain(language("ab?"), vocabulary);
    TokenMatcher matcher = constraint.matcher();
    int a = tokenizer.encode("a")[0];
    int end = tokenizer.tokenId("<|im_end|>").orElseThrow();

    assertThat(matcher.mask(5).contains(end)).isFalse();
    matcher.accept(a);
    assertThat(matcher.mask(5).contains(end)).isTrue();
    assertThat(matcher.isComplete()).isFalse();
    assertThat(matcher.shortestEnd()).isZero();
    assertThat(matcher.mask(0).count()).isEqualTo(1);
    matcher.accept(end);
    assertThat(matcher.isComplete()).isTrue();
    assertThatThrownBy(() -> matcher.accept(a)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void answersWithTooFewTokensAreCutShort() {
    Constraint constraint = Constraints.plain(language("a|b[a-d]{3}"), LETTERS);
    TokenMatcher matcher = constraint.matcher();

    assertThat(matcher.mask(4).contains('b')).isTrue();
    assertThat(matcher.isCutShort()).isFalse();
    assertThat(matcher.mask(3).contains('b')).isFalse();
    assertThat(matcher.isCutShort()).isTrue();
  }
}
