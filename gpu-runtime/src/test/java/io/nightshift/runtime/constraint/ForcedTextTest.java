package io.nightshift.runtime.constraint;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.language;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.number;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.object;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.required;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.mask.Vocabularies;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.Schemas;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Text that must come next, with the tokenizer of a real model. */
class ForcedTextTest {
  private static final int PLENTY = 1_000;
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

  private static ValueRule record() {
    return rule(
        object(
            required("identifier", rule(number("[1-9][0-9]{2}"))),
            required("description", rule(string("none|nothing")))));
  }

  @Test
  void endsBeforeTheFirstChoice() {
    TokenMatcher matcher = Constraints.json(record(), false, vocabulary).matcher();

    int[] forced = matcher.forced(PLENTY);

    assertThat(tokenizer.decode(forced)).isEqualTo("{\"identifier\":");
    assertThat(forced).isEqualTo(tokenizer.encode("{\"identifier\":"));
    assertThat(matcher.forced(PLENTY)).isEqualTo(forced);
  }

  @Test
  void goesToTheEndWhereNothingElseMayFollow() {
    TokenMatcher matcher = Constraints.json(record(), false, vocabulary).matcher();
    for (int token : tokenizer.encode("{\"identifier\":123,\"description\":\"none")) {
      matcher.accept(token);
    }

    int[] forced = matcher.forced(PLENTY);
    for (int token : forced) {
      matcher.accept(token);
    }

    assertThat(tokenizer.decode(forced)).isEqualTo("\"}");
    assertThat(matcher.isComplete()).isTrue();
  }

  @Test
  void isEmptyWhereThereIsAChoice() {
    Constraint constraint = Constraints.plain(language("(ab|ac)c*"), vocabulary);
    TokenMatcher matcher = constraint.matcher();

    assertThat(tokenizer.decode(matcher.forced(PLENTY))).isIn("", "a");
    matcher.accept(tokenizer.encode("a")[0]);
    assertThat(matcher.forced(PLENTY)).isEmpty();
    matcher.accept(tokenizer.encode("b")[0]);
    assertThat(matcher.forced(PLENTY)).isEmpty();
  }

  @Test
  void leavesOutTokensThatWouldMergeWithWhatFollows() {
    // "identifi" + "er" or "cation": the tokenizer writes the word in one token.
    Constraint constraint =
        Constraints.plain(language("the identifi(er|cation|ed) of"), vocabulary);
    TokenMatcher matcher = constraint.matcher();

    int[] forced = matcher.forced(PLENTY);

    for (String whole :
        List.of("the identifier of", "the identification of", "the identified of")) {
      int[] tokens = tokenizer.encode(whole);
      assertThat(tokens).startsWith(forced);
    }
  }

  /** At each token of texts that the tokenizer wrote. */
  @Test
  void areTheTokensThatTheTokenizerWrites() {
    Constraint constraint = Constraints.json(Schemas.extraction(), false, vocabulary);
    String text =
        "{\"name\":\"%s\",\"status\":\"%s\",\"priority\":\"%s\",\"score\":%s,\"count\":12,"
            + "\"verified\":%s,\"date\":\"2024-02-29\",\"slug\":\"a-slug\"%s,\"tags\":[\"%s\",\"b\"],"
            + "\"address\":{\"street\":\"%s\",\"city\":\"%s\"%s}}";
    int forced = 0;
    int all = 0;
    for (String whole :
        List.of(
            text.formatted("Jo", "active", "low", "1", "true", "", "a", "é", "", ""),
            text.formatted(
                "\\\"x\\\"",
                "inactive",
                "high",
                "-0.5",
                "false",
                ",\"comment\":null",
                "",
                ".",
                "日本",
                ",\"zip\":\"12345\""),
            text.formatted(
                "//",
                "archived",
                "medium",
                "10",
                "true",
                ",\"comment\":\" \"",
                " ",
                ",",
                ":",
                ",\"zip\":\"12345-6789\""))) {
      int[] tokens = tokenizer.encode(whole);
      TokenMatcher matcher = constraint.matcher();
      int free = 0;
      for (int i = 0; i < tokens.length; i++) {
        int[] next = matcher.forced(PLENTY);
        assertThat(Arrays.copyOfRange(tokens, i, Math.min(tokens.length, i + next.length)))
            .isEqualTo(next);
        free = Math.max(free, i);
        forced += Math.max(0, i + next.length - free);
        free = Math.max(free, i + next.length);
        matcher.accept(tokens[i]);
      }
      all += tokens.length;
    }
    assertThat(forced).isGreaterThan(all / 4);
  }

  @Test
  void leavesEnoughTokensForTheEnd() {
    Constraint constraint = Constraints.json(record(), false, vocabulary);
    int shortest = constraint.shortestTokens();
    for (int max = shortest; max < shortest + 10; max++) {
      TokenMatcher matcher = constraint.matcher();
      int remaining = max;
      for (int token : matcher.forced(remaining)) {
        matcher.accept(token);
        remaining--;
      }
      assertThat(matcher.shortestEnd()).isLessThanOrEqualTo(remaining);
    }
  }

  /** A model that prefers some characters whatever came before writes the same text. */
  @Test
  void givesTheTextThatAModelWouldHaveChosen() {
    for (ValueRule schema : List.of(record(), Schemas.extraction(), Schemas.open())) {
      Constraint constraint = Constraints.json(schema, false, vocabulary);
      for (int seed = 0; seed < 4; seed++) {
        String with = generate(constraint, seed, true);
        assertThat(with).isEqualTo(generate(constraint, seed, false));
      }
    }
  }

  /** Prefers tokens by a score of their bytes and of the length of the text so far. */
  private static String generate(Constraint constraint, int seed, boolean forcing) {
    TokenMatcher matcher = constraint.matcher();
    List<Integer> tokens = new ArrayList<>();
    int length = 0;
    while (!matcher.isComplete()) {
      for (int token : forcing ? matcher.forced(PLENTY) : new int[0]) {
        matcher.accept(token);
        tokens.add(token);
        length += vocabulary.bytes(token).length;
      }
      if (matcher.isComplete()) {
        break;
      }
      int token = best(matcher.mask(PLENTY), length, seed);
      matcher.accept(token);
      tokens.add(token);
      length += vocabulary.bytes(token).length;
    }
    return tokenizer.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
  }

  private static int best(TokenMask mask, int length, int seed) {
    int best = -1;
    int score = -1;
    for (int token = 0; token < vocabulary.size(); token++) {
      if (mask.contains(token)) {
        int value =
            vocabulary.isEnd(token) || vocabulary.bytes(token)[0] == '"'
                ? length % 8 == 0 ? Integer.MAX_VALUE : 0
                : new SplittableRandom(31L * seed + 7L * length + vocabulary.bytes(token)[0])
                    .nextInt(1 << 20);
        if (value > score && vocabulary.bytes(token).length <= 1) {
          score = value;
          best = token;
        }
      }
    }
    return best;
  }
}
