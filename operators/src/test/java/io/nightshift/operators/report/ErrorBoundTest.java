package io.nightshift.operators.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.operators.report.RowErrors.OfCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBoundTest {

  @ParameterizedTest
  @CsvSource({
    "0.01, 99, 0, 100, false",
    "0.01, 99, 1, 100, false",
    "0.01, 99, 2, 100, true",
    "0.01, 99, 0, 0, false",
    "1, 3, 3, 10, false",
    "1, 3, 4, 10, true",
    "0, 3, 1, 10, true"
  })
  void isPassedByOneRowTooMany(
      double maxFraction, long maxRows, long failed, long rows, boolean passed) {
    ErrorBound bound =
        ErrorBound.of(maxFraction, maxRows, rows)
            .withKnownErrors(Map.of("prompt_null", new OfCode(failed, List.of())));
    boolean thrown = false;
    try {
      bound.check();
    } catch (TooManyErrorsException e) {
      thrown = true;
    }
    assertThat(thrown).isEqualTo(passed);
  }

  @Test
  void theMessageHasTheFirstExamplesOfEachCode() {
    ErrorBound bound =
        ErrorBound.of(0.1, 5, 40)
            .withKnownErrors(Map.of("prompt_null", new OfCode(1, List.of("a row 3: body is null"))))
            .withKnownErrors(
                Map.of("template_error", new OfCode(6, List.of("a row 1: x", "b row 2: y"))))
            .withKnownErrors(
                Map.of("prompt_null", new OfCode(2, List.of("c row 7: body is null"))));
    assertThatThrownBy(bound::check)
        .hasMessage(
            "9 of 40 rows have errors, more than errors.max-fraction or errors.max-rows allow:"
                + " 6 template_error (a row 1: x; b row 2: y)"
                + " 3 prompt_null (a row 3: body is null; c row 7: body is null)");
  }
}
