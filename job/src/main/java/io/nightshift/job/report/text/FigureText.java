package io.nightshift.job.report.text;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.nightshift.job.progress.FactText;
import io.nightshift.job.progress.NumberText;
import io.nightshift.job.progress.VisibleText;
import io.nightshift.job.report.AnswerFigures;
import io.nightshift.job.report.AnswerFigures.ValueCount;
import io.nightshift.job.report.AnswerFigures.ValueDistribution;
import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.Comparison.ChangedRow;
import io.nightshift.job.report.EngineFigures;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.Overview;
import io.nightshift.job.report.PrefixFigures;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.UncertainRow;
import io.nightshift.job.report.energy.EnergyText;
import io.nightshift.job.report.evaluation.EvaluationText;
import io.nightshift.operators.infer.AnswerSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures of a report as text for a terminal. */
public final class FigureText {
  private static final int VALUES = 8;
  private static final int DISTRIBUTION_WIDTH = 160;
  private static final int UNCERTAIN = 5;
  private static final int PREFIXES = 3;
  private static final int CHANGED = 10;

  private final StringBuilder text = new StringBuilder();

  private FigureText() {}

  /** A run. */
  public static String of(ReportData report) {
    FigureText text = new FigureText();
    text.overview(report.overview());
    text.answers(report.answers());
    if (report.evaluation() != null) {
      text.facts("evaluation", EvaluationText.of(report.evaluation()));
    }
    if (report.energy() != null) {
      text.facts("energy", EnergyText.energy(report.energy()));
      text.facts("cost", EnergyText.cost(report.energy()));
    }
    report.errors().forEach(text::errors);
    report.prefixes().stream().limit(PREFIXES).forEach(text::prefix);
    report.engines().forEach(text::engine);
    text.fact("answers", report.overview().output());
    return text.text.toString();
  }

  private void overview(Overview run) {
    text.append(sentence(run)).append(".\n");
    if (run.failure() != null) {
      fact("failure", run.failure());
    }
    if (run.notice() != null) {
      fact("note", run.notice());
    }
    fact(
        "run",
        run.started().truncatedTo(SECONDS) + ", version " + run.version() + ", " + run.model());
    if (run.rowsBefore() > 0) {
      fact("before", NumberText.count(run.rowsBefore(), "row") + " had answers already");
    }
    if (run.rows() > 0) {
      fact(
          "finished",
          run.rowsByFinishReason().entrySet().stream()
              .map(reason -> NumberText.count(reason.getValue()) + " " + reason.getKey())
              .collect(Collectors.joining(", ")));
      fact(
          "tokens",
          NumberText.count(run.promptTokens())
              + " prompt ("
              + NumberText.share(run.cachedTokens(), run.promptTokens())
              + " from the prefix cache), "
              + NumberText.count(run.outputTokens())
              + " output");
      fact("rate", NumberText.rate(run.rowsPerSecond()) + " rows/s" + estimate(run));
    }
  }

  private static String sentence(Overview run) {
    String inTime =
        " in " + NumberText.duration(Duration.ofMillis(Math.round(run.seconds() * 1e3)));
    if (run.failure() == null && run.complete()) {
      return "Answered "
          + (run.answeredRows() < run.rows() ? NumberText.count(run.answeredRows()) + " of " : "")
          + NumberText.count(run.rows(), "row")
          + inTime;
    }
    String progress =
        "%s of %s have their answers"
            .formatted(
                NumberText.count(run.rowsInOutput()), NumberText.count(run.plannedRows(), "row"));
    return run.failure() == null
        ? "Not complete: " + progress
        : "Failed after " + NumberText.count(run.rows(), "row") + inTime + "; " + progress;
  }

  private static String estimate(Overview run) {
    return run.estimatedSeconds() == null
        ? ""
        : "; the plan expected "
            + NumberText.duration(Duration.ofMillis(Math.round(run.estimatedSeconds() * 1e3)));
  }

  private void answers(AnswerFigures answers) {
    for (ValueDistribution values : answers.distributions()) {
      distribution(values);
    }
    facts(
        "uncertain",
        answers.leastCertain().stream().limit(UNCERTAIN).map(FigureText::uncertain).toList());
  }

  /** In one line, if it is not too long. */
  private void distribution(ValueDistribution values) {
    long all = values.counted();
    List<ValueCount> first = values.values().stream().limit(VALUES).toList();
    List<String> counts = new ArrayList<>();
    first.forEach(value -> counts.add(count(VisibleText.label(value.value()), value.rows(), all)));
    long others = all - first.stream().mapToLong(ValueCount::rows).sum();
    if (others > 0) {
      counts.add(count("all others", others, all));
    }
    String rows =
        NumberText.count(
            all, values.name().equals(AnswerSchema.COMPLETION) ? "answered row" : "value");
    String line = String.join(", ", counts) + " of " + rows;
    if (line.length() > DISTRIBUTION_WIDTH) {
      counts.add(0, rows);
      facts(values.name(), counts);
    } else {
      fact(values.name(), line);
    }
  }

  private static String count(String value, long rows, long all) {
    return "%s %s (%s)".formatted(value, NumberText.count(rows), NumberText.share(rows, all));
  }

  private static String uncertain(UncertainRow row) {
    String what =
        String.format(
            Locale.ROOT,
            "%.2f %s%s",
            row.confidence(),
            VisibleText.label(row.answer()),
            row.runnerUp() == null ? "" : ", or " + VisibleText.label(row.runnerUp()));
    return row.sourceFile() == null
        ? what + (row.text() == null ? "" : ": " + VisibleText.beginning(row.text()))
        : what + ": " + row.sourceFile() + " row " + row.sourceRow();
  }

  private void errors(ErrorFigures errors) {
    fact("failed", NumberText.count(errors.rows(), "row") + " with " + errors.code());
    errors.examples().forEach(example -> fact("", example));
  }

  private void prefix(PrefixFigures prefix) {
    fact(
        "prefix",
        "%s of %s, which saves %s"
            .formatted(
                NumberText.count(prefix.tokens(), "token"),
                NumberText.count(prefix.rows(), "row"),
                NumberText.count(prefix.savedTokens(), "token")));
  }

  private void engine(EngineFigures engine) {
    fact(
        "engine " + engine.name(),
        "%s %s on %s: %s in %s, %s ms a step, idle for %s"
            .formatted(
                engine.device(),
                engine.dtype(),
                engine.host(),
                NumberText.count(engine.rows(), "row"),
                NumberText.duration(Duration.ofMillis(Math.round(engine.seconds() * 1e3))),
                NumberText.rate(engine.meanStepMillis()),
                NumberText.duration(Duration.ofMillis(Math.round(engine.idleSeconds() * 1e3)))));
  }

  /** Two outputs. */
  public static String of(Comparison comparison) {
    FigureText text = new FigureText();
    text.text
        .append(NumberText.count(comparison.changed()))
        .append(" of ")
        .append(NumberText.count(comparison.rowsInBoth(), "row"))
        .append(" have another answer.\n");
    text.fact("first", comparison.first());
    text.fact("second", comparison.second());
    text.fact("agreement", String.format(Locale.ROOT, "%.4f", comparison.agreement()));
    if (comparison.onlyFirst() + comparison.onlySecond() > 0) {
      text.fact(
          "only in one",
          "%s in the first, %s in the second"
              .formatted(
                  NumberText.count(comparison.onlyFirst(), "row"),
                  NumberText.count(comparison.onlySecond(), "row")));
    }
    text.matrix(comparison);
    for (ChangedRow row : comparison.examples().stream().limit(CHANGED).toList()) {
      text.fact("changed", place(comparison, row));
      text.fact("", VisibleText.beginning(row.first()));
      text.fact("", VisibleText.beginning(row.second()));
    }
    return text.text.toString();
  }

  private static String place(Comparison comparison, ChangedRow row) {
    return comparison.key() == null
        ? row.key() + " row " + row.sourceRow()
        : comparison.key() + " " + VisibleText.beginning(row.key());
  }

  /** Rows of the matrix are the first output's answers, columns the second's. */
  private void matrix(Comparison comparison) {
    List<String> labels = comparison.labels();
    for (int first = 0; first < labels.size(); first++) {
      StringBuilder line = new StringBuilder();
      for (int second = 0; second < labels.size(); second++) {
        long rows = comparison.matrix()[first][second];
        if (rows > 0) {
          line.append(line.isEmpty() ? "" : ", ")
              .append(VisibleText.label(labels.get(second)))
              .append(' ')
              .append(NumberText.count(rows));
        }
      }
      if (!line.isEmpty()) {
        fact(VisibleText.label(labels.get(first)), "became " + line);
      }
    }
  }

  private void facts(String name, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      fact(i == 0 ? name : "", values.get(i));
    }
  }

  private void fact(String name, String value) {
    text.append(FactText.line(name, value));
  }
}
