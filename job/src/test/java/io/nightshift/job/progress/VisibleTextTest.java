package io.nightshift.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {

  @Test
  void hiddenCharactersAreShownByTheirCodePoints() {
    assertThat(VisibleText.of("\u0000\u0001\u001b[31mred\r\n\tend\u009b\u202e\ufeff"))
        .isEqualTo("<U+0000><U+0001><U+001B>[31mred<U+000D>↵⇥end<U+009B><U+202E><U+FEFF>");
    assertThat(VisibleText.of("\ud800 and \udb40\udc41 and \u2028"))
        .isEqualTo("<U+D800> and <U+E0041> and <U+2028>");
  }

  @Test
  void ordinaryTextStaysAsItIs() {
    String text = "Straße, 日本語, שלום, می\u200cخواهم, 👩\u200d👧 and  two spaces";
    assertThat(VisibleText.of(text)).isEqualTo(text);
  }

  @Test
  void ofALongTextTheBeginningIsShown() {
    assertThat(VisibleText.beginning("a".repeat(80))).isEqualTo("a".repeat(80));
    assertThat(VisibleText.beginning("😀".repeat(81))).isEqualTo("😀".repeat(80) + "…");
  }

  @Test
  void ofALongLabelBothEndsAreShown() {
    assertThat(VisibleText.label("b".repeat(40))).isEqualTo("b".repeat(40));
    String label = VisibleText.label("Electronics > Computers > Laptops > Gaming > 17 inches");
    assertThat(label).isEqualTo("Electronics > Computers > L… > 17 inches").hasSize(40);
  }
}
