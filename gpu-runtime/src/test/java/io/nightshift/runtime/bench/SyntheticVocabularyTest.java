package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SyntheticVocabularyTest {
  private static final int SIZE = 49_152;
  private static final Set<Integer> END_TOKENS = Set.of(0, 7, SIZE - 1);
  private static final SyntheticVocabulary VOCABULARY =
      new SyntheticVocabulary(SIZE, END_TOKENS, Workload.schema());

  private static String decode(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      bytes.writeBytes(VOCABULARY.tokens()[token]);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyTokenButEndTokensHasBytesOfItsOwn() {
    Set<String> contents = new HashSet<>();
    for (int token = 0; token < SIZE; token++) {
      byte[] bytes = VOCABULARY.tokens()[token];
      assertThat(bytes.length == 0).isEqualTo(END_TOKENS.contains(token));
      contents.add(new String(bytes, StandardCharsets.ISO_8859_1));
    }
    assertThat(contents).hasSize(SIZE - END_TOKENS.size() + 1);
    for (int value = 0; value < 256; value++) {
      assertThat(contents).contains(Character.toString(value));
    }
  }

  @Test
  void cutsTextsIntoTheLongestTokens() {
    String json = "{\"category\":\"damaged item\",\"amount\":1234,\"x\":\"日本 \uD83D\uDE00\"}";

    int[] tokens = VOCABULARY.encode(json);

    assertThat(decode(tokens)).isEqualTo(json);
    assertThat(decode(new int[] {tokens[0]})).isEqualTo("{\"");
    assertThat(decode(new int[] {tokens[1]})).isEqualTo("category");
    assertThat(decode(new int[] {tokens[2]})).isEqualTo("\":\"");
    assertThat(decode(new int[] {tokens[3]})).isEqualTo("damaged");
    assertThat(decode(new int[] {tokens[4]})).isEqualTo(" item");
  }

  @Test
  void noTokenHasLettersAndPunctuation() {
    Pattern mixed = Pattern.compile(".*\\p{L}.*[\\p{P}{}].*|.*[\\p{P}{}].*\\p{L}.*");
    for (byte[] token : VOCABULARY.tokens()) {
      assertThat(new String(token, StandardCharsets.UTF_8)).doesNotMatch(mixed);
    }
  }

  @Test
  void aVocabularyHasAllBytes() {
    assertThat(new SyntheticVocabulary(256, Set.of(), "").encode("\u0001z")).hasSize(2);
    assertThatThrownBy(() -> new SyntheticVocabulary(256, Set.of(3), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 255");
  }
}
