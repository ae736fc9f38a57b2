package io.nightshift.job.progress;

import io.nightshift.runtime.engine.FinishReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes reports for people: a headline, then one fact a line, names in a column of their own. */
final class ReportText {
  private static final int NAME_WIDTH = 12;

  private final StringBuilder text = new StringBuilder();

  private ReportText() {}

  static String of(RunReport report) {
    ReportText text = new ReportText();
    if (report.isNothingDone()) {
      text.text.append("Nothing to do: the answers of this job are there already.\n");
      text.fact("answers", report.outputPath());
      return text.text.toString();
    }
    text.headline(
        report.failedRows() == 0
            ? "Answered " + Numbers.count(report.rows(), "row")
            : "Answered "
                + Numbers.count(report.rows() - report.failedRows())
                + " of "
                + Numbers.count(report.rows(), "row"),
        report.time());
    if (report.rowsBefore() > 0) {
      text.fact("before", Numbers.count(report.rowsBefore(), "row") + " had answers already");
    }
    if (report.rows() > 0) {
      text.fact("finished", finishReasons(report));
      text.fact(
          "tokens",
          Numbers.count(report.promptTokens())
              + " prompt ("
              + Numbers.share(report.cachedTokens(), report.promptTokens())
              + " from the prefix cache), "
              + Numbers.count(report.outputTokens())
              + " output");
    }
    report.stages().forEach(text::stage);
    text.failures(report.failures());
    text.fact("answers", report.outputPath());
    return text.text.toString();
  }

  static String of(PlanReport report) {
    ReportText text = new ReportText();
    text.headline("Planned " + Numbers.count(report.rows(), "row"), report.time());
    text.fact(
        "prompts",
        Numbers.count(report.promptTokens(), "token")
            + ", of which "
            + Numbers.share(report.sharedTokens(), report.promptTokens())
            + " are shared"
            + (report.duplicateRows() == 0
                ? ""
                : ", " + Numbers.count(report.duplicateRows(), "duplicate row") + " among them"));
    text.fact(
        "to compute",
        Numbers.count(report.computedTokens(), "prompt token")
            + (report.maxOutputTokens() == 0
                ? ""
                : " and at most " + Numbers.count(report.maxOutputTokens(), "output token")));
    report
        .answering()
        .ifPresent(time -> text.fact("answers in", "about " + Numbers.duration(time)));
    for (PlanReport.Prefix prefix : report.prefixes()) {
      text.fact(
          "prefix",
          Numbers.count(prefix.tokens(), "token") + " of " + Numbers.count(prefix.rows(), "row"));
      text.fact("", prefix.text());
    }
    text.failures(report.failures());
    text.fact("work units", Numbers.count(report.workUnits()) + " in " + report.folder());
    return text.text.toString();
  }

  private static String finishReasons(RunReport report) {
    return Arrays.stream(FinishReason.values())
        .filter(reason -> report.rowsByFinishReason().getOrDefault(reason, 0L) > 0)
        .map(
            reason ->
                Numbers.count(report.rowsByFinishReason().getOrDefault(reason, 0L))
                    + " "
                    + reason.columnValue())
        .collect(Collectors.joining(", "));
  }

  private void headline(String what, Duration time) {
    text.append(what).append(" in ").append(Numbers.duration(time)).append(".\n");
  }

  private void stage(StageReport stage) {
    double seconds = Math.max(stage.time().toMillis(), 1) / 1000.0;
    fact(
        stage.stage().label(),
        Numbers.count(stage.rows(), "row")
            + " in "
            + Numbers.duration(stage.time())
            + ": "
            + Numbers.rate(stage.rows() / seconds)
            + " rows/s"
            + (stage.tokens() == 0
                ? ""
                : ", " + Numbers.rate(stage.tokens() / seconds) + " tokens/s"));
  }

  private void failures(List<FailedRows> failures) {
    for (FailedRows failed : failures) {
      fact("failed", Numbers.count(failed.rows(), "row") + " with " + failed.code());
      failed.examples().forEach(example -> fact("", example));
    }
  }

  private void fact(String name, String value) {
    text.append(String.format(Locale.ROOT, "  %-" + NAME_WIDTH + "s%s", name, value)).append("\n");
  }
}
