package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ControlTokensTest {

  private static AddedToken special(String content) {
    return new AddedToken(1, content, true, false, false, false, false);
  }

  private static AddedToken ordinary(String content, boolean normalized) {
    return new AddedToken(2, content, false, normalized, false, false, false);
  }

  /** The pieces of a prompt, control tokens in brackets. */
  private static List<String> split(String prompt, AddedToken... tokens) {
    return split(RenderedPrompt.trusted(prompt), tokens);
  }

  private static List<String> split(RenderedPrompt rendered, AddedToken... tokens) {
    String prompt = rendered.text();
    return new ControlTokens(List.of(tokens))
        .split(rendered).stream()
            .map(
                piece -> {
                  String text = prompt.substring(piece.start(), piece.end());
                  return piece.token() == null ? text : "[" + text + "]";
                })
            .toList();
  }

  @Test
  void thereAreNoEmptyPieces() {
    assertThat(split("", special("<s>"))).isEmpty();
    assertThat(split("a", special("<s>"))).containsExactly("a");
    assertThat(split("<s><s>a<s>", special("<s>"))).containsExactly("[<s>]", "[<s>]", "a", "[<s>]");
  }

  @Test
  void theLeftmostMatchWinsThenTheLongest() {
    assertThat(split("<ab>", special("<a"), special("<ab"), special("b>")))
        .containsExactly("[<ab]", ">");
    assertThat(split("xabcd", special("bcd"), special("ab"))).containsExactly("x", "[ab]", "cd");
  }

  @Test
  void anOrdinaryTokenCanTakeTheTextOfAControlToken() {
    assertThat(split("xabcd", special("bcd"), ordinary("ab", false))).containsExactly("xabcd");
    assertThat(split("xabcd", special("bcd"), ordinary("ab", true))).containsExactly("xa", "[bcd]");
  }

  @Test
  void onlyWhatLiesInOneRangeIsAControlToken() {
    AddedToken token = special("<s>");
    // All of it, then a part of it at either side or in the middle, is not the template's.
    assertThat(split(new RenderedPrompt("<s><s><s>", new int[] {3, 6}), token))
        .containsExactly("<s>", "[<s>]", "<s>");
    assertThat(split(new RenderedPrompt("<s>", new int[] {1, 3}), token)).containsExactly("<s>");
    assertThat(split(new RenderedPrompt("<s>", new int[] {0, 2}), token)).containsExactly("<s>");
    assertThat(split(new RenderedPrompt("<s>", new int[] {0, 1, 2, 3}), token))
        .containsExactly("<s>");
    assertThat(split(new RenderedPrompt("<s>", new int[0]), token)).containsExactly("<s>");
  }

  @Test
  void rowTextNeitherTakesNorExtendsATemplatesToken() {
    AddedToken[] tokens = {special("<s>"), special("<s>>"), ordinary("x<s", false)};
    assertThat(split(new RenderedPrompt("x<s>>", new int[] {1, 4}), tokens))
        .containsExactly("x", "[<s>]", ">");
    assertThat(split(RenderedPrompt.trusted("<s>>"), tokens)).containsExactly("[<s>>]");
  }

  @Test
  void stripsWhitespaceAround() {
    AddedToken left = new AddedToken(1, "<l>", true, false, true, false, false);
    AddedToken right = new AddedToken(1, "<r>", true, false, false, true, false);

    assertThat(split("a \n\u00a0<l> b", left)).containsExactly("a", "[ \n\u00a0<l>]", " b");
    assertThat(split("a <r> \u2003b", right)).containsExactly("a ", "[<r> \u2003]", "b");
    assertThat(split("<r> <l>", left, right)).containsExactly("[<r> ]", "[<l>]");
  }

  @Test
  void aSingleWordIsNoPartOfAnother() {
    AddedToken word = new AddedToken(1, "end", true, false, false, false, true);

    assertThat(split("end, end.", word)).containsExactly("[end]", ", ", "[end]", ".");
    assertThat(split("ends bend éend end𝔘 _end", word))
        .containsExactly("ends bend éend end𝔘 _end");
  }
}
