package io.nightshift.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
  private final StringWriter written = new StringWriter();

  @Test
  void drawsPlainLinesEveryTenSecondsAndAtEveryStage() {
    ProgressLine line = line(OptionalInt.empty(), false);

    line.update(ProgressSnapshot.beginning(Stage.READING), seconds(0));
    line.update(planning(Stage.READING, 500), seconds(1));
    line.update(planning(Stage.PLANNING, 0), seconds(2));
    line.update(inferring(0, 0), seconds(3));
    line.update(inferring(100, 0), seconds(8));
    line.update(inferring(200, 1), seconds(13));
    line.update(inferring(1000, 2), seconds(53));
    line.finish(inferring(1000, 2), seconds(53));

    assertThat(written)
        .hasToString(
            """
            0s  reading  0 rows  0 errors
            2s  planning  0 rows  0 errors
            3s  inferring  0 of 1,000 rows  0%  0 errors
            13s  inferring  200 of 1,000 rows  20%  20.0 rows/s  6,020 tokens/s  83% prefix hits  1 error  40s left
            53s  inferring  1,000 of 1,000 rows  100%  20.0 rows/s  6,020 tokens/s  83% prefix hits  2 errors  0s left
            """);
  }

  @Test
  void drawsTheEndOfAShortRunAsWell() {
    ProgressLine line = line(OptionalInt.empty(), false);

    line.update(inferring(0, 0), seconds(0));
    line.finish(inferring(1000, 0), seconds(4));

    assertThat(written)
        .hasToString(
            """
            0s  inferring  0 of 1,000 rows  0%  0 errors
            4s  inferring  1,000 of 1,000 rows  100%  250 rows/s  75,250 tokens/s  83% prefix hits  0 errors  0s left
            """);
  }

  @Test
  void redrawsInPlaceOnATerminalAndLeavesAStagesLastLineBehind() {
    ProgressLine line = line(OptionalInt.of(200), false);

    line.update(planning(Stage.READING, 0), seconds(0));
    line.update(planning(Stage.READING, 500), seconds(1));
    line.update(inferring(0, 0), seconds(2));
    line.finish(inferring(1000, 0), seconds(12));

    assertThat(written)
        .hasToString(
            "\rreading  0 rows  0 errors\u001b[K"
                + "\rreading  500 rows  500 rows/s  0 errors\u001b[K\n"
                + "\rinferring  0 of 1,000 rows  0%  0 errors\u001b[K"
                + "\rinferring  1,000 of 1,000 rows  100%  100 rows/s  30,100 tokens/s"
                + "  83% prefix hits  0 errors  0s left\u001b[K\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "110 | inferring  200 of 1,000 rows  20%  20.0 rows/s  6,020 tokens/s  83% prefix hits  1"
            + " error  40s left",
        "90 | inferring  200 of 1,000 rows  20%  20.0 rows/s  6,020 tokens/s  1 error  40s left",
        "70 | inferring  200 of 1,000 rows  20%  20.0 rows/s  1 error  40s left",
        "64 | inferring  200 of 1,000 rows  20.0 rows/s  1 error  40s left",
        "50 | inferring  200 of 1,000 rows  1 error  40s left",
        "40 | inferring  200 of 1,000 rows",
        "20 | inferring",
        "6 | infer",
      })
  void leavesOutWhatIsLessImportantOnANarrowTerminal(int width, String expected) {
    ProgressLine line = line(OptionalInt.of(width), false);

    line.update(inferring(0, 0), seconds(0));
    written.getBuffer().setLength(0);
    line.update(inferring(200, 1), seconds(10));

    assertThat(written).hasToString("\r" + expected + "\u001b[K");
  }

  @Test
  void colorsStageAndErrors() {
    ProgressLine line = line(OptionalInt.of(100), true);

    line.update(inferring(0, 3), seconds(0));

    assertThat(written)
        .hasToString(
            "\r\u001b[1minferring\u001b[0m  0 of 1,000 rows  0%  \u001b[33m3 errors\u001b[0m\u001b[K");
  }

  @Test
  void ratesFollowTheLastHalfMinute() {
    ProgressRates rates = new ProgressRates();

    for (int second = 0; second <= 100; second++) {
      rates.add(seconds(second), inferring(second <= 50 ? second : 50 + 2 * (second - 50), 0));
    }

    assertThat(rates.rowsPerSecond()).isEqualTo(2.0);
    assertThat(rates.timeLeft()).contains(Duration.ofSeconds(425));
  }

  private ProgressLine line(OptionalInt terminalWidth, boolean color) {
    return new ProgressLine(new PrintWriter(written), terminalWidth, color);
  }

  private static ProgressSnapshot planning(Stage stage, long rows) {
    return new ProgressSnapshot(stage, rows, OptionalLong.empty(), TokenCounts.NONE, 0);
  }

  /** Rows of 300 prompt tokens, 250 of them cached, and one output token. */
  private static ProgressSnapshot inferring(long rows, long errors) {
    return new ProgressSnapshot(
        Stage.INFERRING,
        rows,
        OptionalLong.of(1000),
        new TokenCounts(300 * rows, 250 * rows, rows),
        errors);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
