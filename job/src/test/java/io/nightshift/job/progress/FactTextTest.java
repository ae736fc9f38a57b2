package io.nightshift.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FactTextTest {

  @Test
  void valuesAreInAColumnAndApartFromLongNames() {
    assertThat(FactText.line("rate", "1 rows/s")).isEqualTo("  rate        1 rows/s\n");
    assertThat(FactText.line("", "more")).isEqualTo("              more\n");
    assertThat(FactText.line("eleven_char", "7")).isEqualTo("  eleven_char 7\n");
    assertThat(FactText.line("answer.section", "database 11"))
        .isEqualTo("  answer.section  database 11\n");
  }

  @Test
  void textsOfRowsCannotBreakTheLineOrCommandTheTerminal() {
    assertThat(FactText.line("a\u001b[2J", "b\nc\u0007"))
        .isEqualTo("  a<U+001B>[2J  b↵c<U+0007>\n");
  }
}
