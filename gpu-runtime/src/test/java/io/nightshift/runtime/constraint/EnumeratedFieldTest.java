package io.nightshift.runtime.constraint;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.UNBOUNDED;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.anyString;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.array;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.bool;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.literal;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.number;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.object;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.required;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.TokenMatcher.EnumeratedField;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative.Additional;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.Vocabularies;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.GrammarFixtures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnumeratedFieldTest {
  private static final Vocabulary VOCABULARY = Vocabularies.bytesAnd("\":\"", "\":\"lo", "true");
  private static final int COLON_AND_QUOTE = 256;
  private static final int COLON_TO_LO = 257;
  private static final int TRUE = 258;

  private static ValueRule priority() {
    return rule(string("low|lower|high"));
  }

  private static TokenMatcher matcher(ValueRule rule) {
    return Constraints.json(rule, false, true, VOCABULARY).matcher();
  }

  private static void accept(TokenMatcher matcher, String text) {
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      matcher.accept(value & 0xFF);
    }
  }

  private static @Nullable EnumeratedField after(ValueRule rule, String text) {
    TokenMatcher matcher = matcher(rule);
    accept(matcher, text);
    return matcher.enumeratedField();
  }

  @Test
  void isWhereTheValuesDiffer() {
    ValueRule rule = rule(object(required("a/b~", priority())));

    assertThat(after(rule, "{\"a/b~\":")).isNull();
    EnumeratedField field = Objects.requireNonNull(after(rule, "{\"a/b~\":\""));
    assertThat(field.pointer()).isEqualTo("/a~1b~0");
    assertThat(field.values()).containsExactly("\"high\"", "\"low\"", "\"lower\"");
    assertThat(field.tokens()).containsExactly(bytes("high\""), bytes("low\""), bytes("lower\""));
    assertThat(after(rule, "{\"a/b~\":\"l")).isNull();
  }

  private static int[] bytes(String text) {
    return text.chars().toArray();
  }

  @Test
  void noTokenGoesBeyondItsBeginning() {
    ValueRule rule = rule(object(required("p", priority())));
    TokenMatcher matcher = matcher(rule);
    accept(matcher, "{\"p");

    assertThat(matcher.mask(100).contains(COLON_AND_QUOTE)).isTrue();
    assertThat(matcher.mask(100).contains(COLON_TO_LO)).isFalse();
    assertThat(matcher.forced(100)).containsExactly(COLON_AND_QUOTE);
    matcher.accept(COLON_AND_QUOTE);
    assertThat(matcher.enumeratedField()).isNotNull();
    assertThat(Constraints.json(rule, false, VOCABULARY).matcher().enumeratedField()).isNull();
  }

  @Test
  void ofOneValueIsNotToldButListed() {
    ValueRule rule = rule(object(required("v", rule(string("1"))), required("p", priority())));
    TokenMatcher matcher = matcher(rule);
    accept(matcher, "{\"v\":\"1");

    assertThat(matcher.enumeratedField()).isNull();
    assertThat(matcher.constantFields()).containsExactly("/v");
  }

  @Test
  void countsItemsAndNamesAdditionalProperties() {
    ValueRule items = rule(array(bool(), 1, UNBOUNDED));
    ValueRule rule =
        rule(
            new ObjectAlternative(
                List.of(required("items", items)),
                List.of(new Additional(GrammarFixtures.language("x+|\n"), priority())),
                0,
                UNBOUNDED));
    TokenMatcher matcher = matcher(rule);
    List<@Nullable String> pointers = new ArrayList<>();
    accept(matcher, "{\"items\":[");
    for (int item = 0; item < 3; item++) {
      pointers.add(pointer(matcher));
      matcher.accept(TRUE);
      pointers.add(pointer(matcher));
      accept(matcher, item == 2 ? "]" : ",");
    }
    accept(matcher, ",\"\\n\":\"");
    pointers.add(pointer(matcher));

    assertThat(pointers)
        .containsExactly("/items/0", null, "/items/1", null, "/items/2", null, "/\n");
  }

  private static @Nullable String pointer(TokenMatcher matcher) {
    EnumeratedField field = matcher.enumeratedField();
    return field == null ? null : field.pointer();
  }

  @Test
  void isAlsoTheWholeAnswer() {
    ValueRule rule = rule(literal("null"), number("1|12"));

    assertThat(after(rule, "")).as("1 is the beginning of 12").isNull();
    assertThat(Objects.requireNonNull(after(rule(literal("null"), number("1|2")), "")).values())
        .containsExactly("1", "2", "null");
    assertThat(after(rule(anyString()), "")).isNull();
    assertThat(after(rule(literal("null"), string("[a-z]{3}")), "")).isNull();
  }
}
