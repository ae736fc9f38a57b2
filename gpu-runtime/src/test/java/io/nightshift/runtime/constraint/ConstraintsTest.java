package io.nightshift.runtime.constraint;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.anyString;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.language;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstraintsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectMapper DISTINCT =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
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

  @Test
  void answersOfDistinctNamesAndItemsAreCompleteAtEveryMaximum() throws JsonProcessingException {
    Random random = new Random(2);
    Vocabulary crossing =
        Vocabularies.bytesAnd(
            "{\"", "\":", "\":\"", "\",\"", "\",\"a", ",\"b", "1,", "a", "!!", "\"]");
    for (String schema :
        List.of(
            "{'type':'object','minProperties':3,'additionalProperties':{'type':'integer'}}",
            "{'type':'object','minProperties':3,'patternProperties':{'^a':{'type':'null'}},"
                + "'additionalProperties':{'type':'string','maxLength':3}}",
            "{'type':'array','minItems':3,'uniqueItems':true,'items':{'type':'string'}}",
            "{'type':'array','minItems':4,'uniqueItems':true,'items':"
                + "{'type':['string','integer','boolean']}}")) {
      Constraint constraint = compile(schema.replace('\'', '"'), crossing);
      int shortest = constraint.shortestTokens();
      for (int max = shortest; max < shortest + 30; max++) {
        JsonNode answer = DISTINCT.readTree(generate(constraint, crossing, max, random));
        assertThat(answer.size()).isGreaterThanOrEqualTo(3);
        if (answer.isArray()) {
          assertThat(answer).doesNotHaveDuplicates();
        }
      }
    }
  }

  private static Constraint compile(String schema, Vocabulary tokens) {
    return Constraints.compile(new ConstraintSpecification.JsonSchema(schema, false), tokens);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "{'type':'object','minProperties':2147483647} #",
        "{'anyOf':[{'type':'object','minProperties':19000},{'type':'null'}]} #",
        "{'items':{'minItems':9000,'type':'array','items':{'type':'string','minLength':90}}} #/items",
        "{'properties':{'a':{'type':'array','minItems':9000,'uniqueItems':true,"
            + "'items':{'type':'string','pattern':'^a*$'}}}} #/properties/a"
      },
      quoteCharacter = '|')
  void refusesValuesThatAreTooLongToGenerate(String schema, String place) {
    assertThatThrownBy(() -> compile(schema.replace('\'', '"'), LETTERS))
        .isInstanceOf(ConstraintException.class)
        .hasMessage(
            place
                + ": the shortest value has more than 100000 bytes, which is too long to generate:"
                + " lower minLength, minItems or minProperties");
  }

  @Test
  void namesThePlaceOfStringsThatTakeTooLongToCompile() {
    String string =
        "{'type':'string','maxLength':100000000,'pattern':'^(a{1000}|b{999}|c{998})*d?$'}";
    assertThatThrownBy(() -> compile("{'items':%s}".formatted(string).replace('\'', '"'), LETTERS))
        .isInstanceOf(ConstraintException.class)
        .hasMessageStartingWith("#/items: a string with a pattern and a length of up to");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "{'type':'string','minLength':5000} 5002",
        "{'type':'array','minItems':1000} 2001",
        "{'type':'object','minProperties':1000} 6905"
      },
      quoteCharacter = '|')
  void compilesLongAnswers(String schema, int bytes) {
    assertThat(compile(schema.replace('\'', '"'), LETTERS).shortestTokens()).isEqualTo(bytes);
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
