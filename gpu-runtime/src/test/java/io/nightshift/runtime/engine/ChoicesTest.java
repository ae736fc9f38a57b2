package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChoicesTest {

  private static final int END_OF_TURN = 9;

  /** A token a letter; upper case is folded to lower case. */
  private final Tokenizer tokenizer =
      Tokenizers.open(
          new TokenizerJson(
              """
              {"normalizer": {"type": "Lowercase"},
               "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []},
               "decoder": {"type": "Fuse"}}
              """));

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private Choices choices(String... texts) {
    return Choices.of(List.of(texts), tokenizer, () -> END_OF_TURN, false);
  }

  @Test
  void choicesAreTokenizedByThemselves() {
    Choices choices = Choices.of(List.of("ab", "ba"), tokenizer, () -> END_OF_TURN, true);

    assertThat(choices.texts()).containsExactly("ab", "ba");
    assertThat(choices.tokens()).containsExactly(new int[] {0, 1}, new int[] {1, 0});
    assertThat(choices.normalizeByLength()).isTrue();
  }

  @Test
  void theTurnEndsBehindAChoiceThatIsTheBeginningOfAnother() {
    assertThat(choices("abc", "a", "ab", "c").tokens())
        .containsExactly(
            new int[] {0, 1, 2},
            new int[] {0, END_OF_TURN},
            new int[] {0, 1, END_OF_TURN},
            new int[] {2});
  }

  @Test
  void badChoicesAreNamed() {
    assertThatThrownBy(() -> choices()).hasMessageContaining("there are no choices");
    assertThatThrownBy(() -> choices("a", "")).hasMessageContaining("choice 2 is empty");
    assertThatThrownBy(() -> choices("a", "b", "a"))
        .hasMessage("choice 1 (\"a\") and choice 3 (\"a\") are equal");
    assertThatThrownBy(() -> choices("b", "a", "A"))
        .hasMessageContaining("choice 2 (\"a\") and choice 3 (\"A\") have the same tokens");
  }
}
