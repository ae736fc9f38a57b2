package io.nightshift.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuSelectionTest {

  @Test
  void namesAllTheFirstOnesOrSome() {
    assertThat(GpuSelection.parse("all").indexes(4)).containsExactly(0, 1, 2, 3);
    assertThat(GpuSelection.parse(" 2 ").indexes(4)).containsExactly(0, 1);
    assertThat(GpuSelection.parse("[3,0]").indexes(4)).containsExactly(3, 0);
    assertThat(GpuSelection.parse("[1]")).hasToString("[1]");
    assertThat(GpuSelection.parse("all").indexes(0)).isEmpty();
    assertThat(GpuSelection.parse("3").indexes(2)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "-1", "none", "1.5", "[]", "[0,]", "[0, 0]", "[a]", "[-1]", "99999"})
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> GpuSelection.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must be all, a number of GPUs from 1 on, or a list of ")
        .hasMessageEndingWith("but is " + text);
  }
}
