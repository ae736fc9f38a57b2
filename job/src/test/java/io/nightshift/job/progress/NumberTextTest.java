package io.nightshift.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "0.0052149 | 0.00521",
        "0.99999 | 1.00",
        "3.5 | 3.50",
        "16.249 | 16.2",
        "99.99 | 100",
        "640.4 | 640",
        "12345.6 | 12,346"
      })
  void threeDigitsOrAllBeforeThePoint(double value, String text) {
    assertThat(NumberText.digits(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0%",
    "0, 7, 0%",
    "4, 24, 17%",
    "21, 24, 88%",
    "1, 300, 0%",
    "999, 1000, 99%",
    "7, 7, 100%"
  })
  void sharesAreRoundedAndWholeOnlyIfAllIsThere(long part, long whole, String text) {
    assertThat(NumberText.share(part, whole)).isEqualTo(text);
  }
}
