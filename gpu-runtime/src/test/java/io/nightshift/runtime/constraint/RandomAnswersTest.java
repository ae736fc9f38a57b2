package io.nightshift.runtime.constraint;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.UNBOUNDED;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.anyString;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.literal;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.number;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.required;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.string;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.uniqueArray;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative.Additional;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.mask.Vocabularies;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.GrammarFixtures;
import io.nightshift.runtime.constraint.matcher.Schemas;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Random tokens of the masks always end in a valid answer, at every maximum number of tokens. */
class RandomAnswersTest {
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /** Many tokens that begin and end in the middle of the structure. */
  private static final Vocabulary VOCABULARY =
      Vocabularies.bytesAnd(
          "\",\"",
          "\",\"a",
          "\":\"",
          "\":1,\"",
          "\":\"\",\"",
          "\"a\",\"",
          "\"]",
          "\"}",
          "},",
          "a",
          "aa",
          "b\"",
          "{\"",
          "[\"",
          "é",
          "\":{\"",
          "\":[\"",
          "1,",
          ",1",
          "\\\"",
          "true",
          "null");

  private static ValueRule keyed() {
    return rule(
        new ObjectAlternative(
            List.of(required("id", rule(number("[0-9]")))),
            List.of(
                new Additional(
                    CodePointLanguages.minus(CodePointLanguages.all(), CodePointLanguages.of("id")),
                    rule(number("1"), string("a?")))),
            2,
            4));
  }

  private static List<ValueRule> schemas() {
    return List.of(
        Schemas.anything(),
        Schemas.extraction(),
        Schemas.open(),
        keyed(),
        names("a*", 0),
        names("a*|b", 3),
        names("[ab]?[ab]", 5),
        rule(uniqueArray(rule(anyString(), literal("null"), number("1+")), 0, UNBOUNDED)),
        rule(uniqueArray(rule(string("a*b?")), 1, 6)),
        rule(uniqueArray(rule(anyString(), number("[0-9]+")), 3, 5)),
        rule(uniqueArray(rule(string("a*", 1, 4)), 4, 4)));
  }

  private static ValueRule names(String expression, int min) {
    Additional additional =
        new Additional(GrammarFixtures.language(expression), rule(number("1"), anyString(0, 2)));
    return rule(new ObjectAlternative(List.of(), List.of(additional), min, UNBOUNDED));
  }

  @Test
  void areCompleteAtEveryMaximum() throws JsonProcessingException {
    Random random = new Random(11);
    for (ValueRule schema : schemas()) {
      Constraint constraint = Constraints.json(schema, random.nextBoolean(), VOCABULARY);
      for (int extra = 0; extra < 40; extra += 3) {
        String answer = generate(constraint, constraint.shortestTokens() + extra, random);
        JsonNode json = STRICT.readTree(answer);
        if (schema.alternatives().get(0) instanceof ArrayAlternative array && array.uniqueItems()) {
          assertThat(json).doesNotHaveDuplicates();
        }
      }
    }
  }

  @Test
  void areTheSameInManyThreads() throws InterruptedException, ExecutionException {
    Constraint alone = Constraints.json(Schemas.extraction(), false, VOCABULARY);
    Constraint shared = Constraints.json(Schemas.extraction(), false, VOCABULARY);
    int most = alone.shortestTokens() + 30;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int seed = 0; seed < 40; seed++) {
        Random random = new Random(seed % 10);
        answers.add(threads.submit(() -> generate(shared, most, random)));
      }
      for (int seed = 0; seed < 40; seed++) {
        assertThat(answers.get(seed).get()).isEqualTo(generate(alone, most, new Random(seed % 10)));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void saysWhetherAnAnswerWasCutShort() {
    ValueRule schema = rule(string("a{0,3}"));
    Constraint constraint = Constraints.json(schema, false, Vocabularies.bytesAnd());
    TokenMatcher plenty = constraint.matcher();
    TokenMatcher few = constraint.matcher();
    plenty.mask(9);
    few.mask(2);
    plenty.accept('"');
    few.accept('"');

    assertThat(plenty.mask(8).contains('a')).isTrue();
    assertThat(plenty.isCutShort()).isFalse();
    assertThat(few.mask(1).contains('a')).isFalse();
    assertThat(few.isCutShort()).isTrue();
  }

  private static String generate(Constraint constraint, int most, Random random) {
    TokenMatcher matcher = constraint.matcher();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int remaining = most;
    while (!matcher.isComplete()) {
      assertThat(matcher.shortestEnd()).isLessThanOrEqualTo(remaining);
      int token = pick(matcher.mask(remaining), random);
      matcher.accept(token);
      if (!VOCABULARY.isEnd(token)) {
        text.writeBytes(VOCABULARY.bytes(token));
        remaining--;
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /** A token, rather one of several characters. */
  private static int pick(TokenMask mask, Random random) {
    BitSet allowed = BitSet.valueOf(mask.words());
    assertThat(allowed.isEmpty()).isFalse();
    BitSet whole = allowed.get(256, VOCABULARY.size());
    boolean longer = !whole.isEmpty() && random.nextInt(3) > 0;
    BitSet from = longer ? whole : allowed;
    int skip = random.nextInt(from.cardinality());
    int token = from.nextSetBit(0);
    while (skip-- > 0) {
      token = from.nextSetBit(token + 1);
    }
    return longer ? token + 256 : token;
  }
}
