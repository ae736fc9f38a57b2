package io.nightshift.runtime.constraint;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.language;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.object;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.required;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.mask.Vocabularies;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.Schemas;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConstraintsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
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
      for (int max = shortest; max < shortest + 40; max++) {
        MAPPER.readTree(generate(constraint, vocabulary, max, random));
      }
    }
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
  void forcesNames() {
    ValueRule schema =
        rule(
            object(
                required("identifier", rule(string("[0-9]+"))),
                required("description", rule(string("none")))));
    Constraint constraint = Constraints.json(schema, false, vocabulary);
    TokenMatcher matcher = constraint.matcher();

    int[] forced = matcher.forced(100);
    assertThat(tokenizer.decode(forced)).startsWith("{\"identifier\":");
  }
}
