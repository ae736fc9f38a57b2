package io.nightshift.job.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.job.pipeline.EmbeddedRuns;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.report.build.ReportedOutput;
import io.nightshift.job.report.runs.RunRecords;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.core.fs.FileStatus;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of whole runs with the real model, compared with the rows that they have written. */
class ReportITCase {
  private static final int ROWS = 40;
  private static final int BLANK = 7;
  private static final String SECRET = "wJalrXUtnFEMIK7MDENG";

  @TempDir private static Path folder;
  private static RunReport run;
  private static Instant before;
  private static ReportData report;
  private static List<Group> answers;

  @BeforeAll
  static void answerTickets() throws Exception {
    writeTickets("tickets.parquet", ROWS);
    before = Instant.now();
    run = runs().run(job("answers"), "output.source-columns=true", "plan.tokens-per-second=100");
    report = output("answers").report(Long.MAX_VALUE);
    answers = ParquetRows.read(folder.resolve("answers"));
  }

  private static EmbeddedRuns runs() {
    return new EmbeddedRuns(
        new EmbeddedRuns().engines(),
        Map.of("s3.access-key", SECRET, "s3.secret-key", SECRET, "s3.endpoint", "http://storage"));
  }

  private static void writeTickets(String name, int rows) throws Exception {
    ParquetRows.write(
        folder.resolve(name),
        "message tickets { required int64 id; optional binary body (STRING); }",
        rows,
        (id, row) ->
            row.append("id", (long) id)
                .append("body", id == BLANK ? " " : "<b>Ticket</b> " + id + " has no signal"));
  }

  private static String job(String output) {
    return """
        input: {path: %s}
        model: {path: %s, device: cpu}
        prompt: {system: Sort the ticket into one of the queues that we have., user: "{{ body }}"}
        answer: {choices: [billing, outage, other]}
        output: {path: %s}
        errors: {max-fraction: 0.5}
        engine: {kv-cache-memory: 600m}
        """
        .formatted(folder.resolve("tickets.parquet"), RealModel.smolLm2(), folder.resolve(output));
  }

  private static org.apache.flink.core.fs.Path flinkPath(String name) {
    return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
  }

  private static ReportedOutput output(String name) throws Exception {
    return ReportedOutput.find(flinkPath(name));
  }

  private static String text(Group row, String column) {
    return row.getFieldRepetitionCount(column) == 0 ? "" : row.getString(column, 0);
  }

  @Test
  void overviewIsThatOfTheRun() {
    Overview overview = report.overview();
    assertThat(overview.started()).isBetween(before.minusMillis(1), Instant.now());
    assertThat(overview.ended()).isAfterOrEqualTo(overview.started());
    assertThat(overview.complete()).isTrue();
    assertThat(overview.failure()).isNull();
    assertThat(overview.rows()).isEqualTo(ROWS);
    assertThat(overview.rowsBefore()).isZero();
    assertThat(overview.rowsByFinishReason())
        .isEqualTo(Map.of("choice", (long) ROWS - 1, "error", 1L));
    assertThat(overview.promptTokens()).isEqualTo(sum("prompt_tokens"));
    assertThat(overview.cachedTokens()).isEqualTo(sum("cached_tokens"));
    assertThat(overview.outputTokens()).isEqualTo(sum("output_tokens"));
    assertThat(overview.rowsPerSecond()).isPositive();
    assertThat(overview.estimatedSeconds()).isPositive();
  }

  private static long sum(String column) {
    return answers.stream().mapToLong(row -> row.getInteger(column, 0)).sum();
  }

  @Test
  void timelineAddsUpToTheRows() {
    Timeline timeline = report.timeline();
    double width = timeline.seconds()[0];
    assertThat(Arrays.stream(timeline.rowsPerSecond()).map(rate -> rate * width).sum())
        .isCloseTo(ROWS, within(1e-6));
    assertThat(timeline.seconds()).isSorted();
    assertThat(report.engines()).hasSize(1);
    EngineFigures engine = report.engines().get(0);
    assertThat(engine.device()).isEqualTo("cpu");
    assertThat(engine.rows()).isEqualTo(ROWS);
    assertThat(engine.steps()).isPositive();
    assertThat(engine.promptTokens()).isEqualTo(sum("prompt_tokens"));
    assertThat(engine.cachedTokens()).isEqualTo(sum("cached_tokens"));
    assertThat(engine.seconds()).isLessThanOrEqualTo(report.overview().seconds());
  }

  @Test
  void answersAreCounted() {
    Map<String, Long> expected = new TreeMap<>();
    answers.stream()
        .map(row -> text(row, "completion"))
        .filter(answer -> !answer.isEmpty())
        .forEach(answer -> expected.merge(answer, 1L, Long::sum));
    AnswerFigures figures = report.answers();
    assertThat(figures.rows()).isEqualTo(ROWS);
    assertThat(figures.distributions()).hasSize(1);
    AnswerFigures.ValueDistribution choices = figures.distributions().get(0);
    assertThat(choices.name()).isEqualTo("completion");
    assertThat(choices.otherValues()).isZero();
    Map<String, Long> counted = new TreeMap<>();
    choices.values().forEach(value -> counted.put(value.value(), value.rows()));
    assertThat(counted).isEqualTo(expected);
    assertThat(choices.confidenceHistogram().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(ROWS - 1);
    assertThat(figures.outputTokens()).isEmpty();
  }

  @Test
  void theLeastCertainRowsComeFirstAndNameTheirSource() {
    List<Double> confidences = new ArrayList<>();
    for (Group row : answers) {
      if (!text(row, "completion").isEmpty()) {
        confidences.add(confidence(row));
      }
    }
    confidences.sort(null);
    List<UncertainRow> uncertain = report.answers().leastCertain();
    assertThat(uncertain)
        .extracting(UncertainRow::confidence)
        .isEqualTo(confidences.subList(0, uncertain.size()));
    for (UncertainRow row : uncertain) {
      Group source = answers.get(Math.toIntExact(Objects.requireNonNull(row.sourceRow())));
      assertThat(row.sourceFile()).endsWith("tickets.parquet");
      assertThat(row.answer()).isEqualTo(text(source, "completion"));
      assertThat(row.runnerUp()).isNotEqualTo(row.answer());
      assertThat(row.text())
          .isEqualTo("id: %1$s  body: <b>Ticket</b> %1$s has no signal", row.sourceRow());
    }
  }

  private static double confidence(Group row) {
    Group map = row.getGroup("choice_probabilities", 0);
    for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
      Group entry = map.getGroup(0, i);
      if (entry.getString("key", 0).equals(text(row, "completion"))) {
        return entry.getDouble("value", 0);
      }
    }
    throw new AssertionError("no probability of the answer");
  }

  @Test
  void errorsNameTheirRows() {
    assertThat(report.errors()).hasSize(1);
    ErrorFigures error = report.errors().get(0);
    assertThat(error.code()).isEqualTo("prompt_empty");
    assertThat(error.rows()).isEqualTo(1);
    assertThat(error.examples()).singleElement().asString().contains("row " + BLANK);
  }

  @Test
  void prefixesSayWhatTheySave() {
    PrefixFigures first = report.prefixes().get(0);
    assertThat(first.text()).contains("Sort the ticket");
    // Each of the two ranges of the plan computes the prefix once.
    assertThat(first.savedTokens())
        .isBetween(first.tokens() * (first.rows() - 2), first.tokens() * (first.rows() - 1));
  }

  @Test
  void configurationHasNoSecrets() throws Exception {
    assertThat(report.configuration())
        .contains(
            new ConfigurationEntry("s3.secret-key", "******"),
            new ConfigurationEntry("s3.access-key", "******"),
            new ConfigurationEntry("s3.endpoint", "http://storage"),
            new ConfigurationEntry("answer.choices", "[billing, outage, other]"));
    FileStatus record = RunRecords.of(flinkPath("answers")).files().get(0);
    assertThat(RunRecords.read(record).toString()).doesNotContain(SECRET);
    assertThat(Files.readString(page("answers"))).doesNotContain(SECRET);
  }

  private static Path page(String output) {
    return folder.resolve(output).resolve("_nightshift/report.html");
  }

  @Test
  void aPageIsBesideTheAnswersAndTheSummaryNamesIt() throws Exception {
    assertThat(run.text()).contains("report.html");
    assertThat(Files.readString(page("answers"))).contains("prompt_empty").doesNotContain("<b>T");
  }

  @Test
  void runWithoutPageRecordsWhatItDid() throws Exception {
    RunReport plain = runs().run(job("plain"), "output.report=none");
    assertThat(plain.text()).doesNotContain("report.html");
    assertThat(page("plain")).doesNotExist();
    ReportData later = output("plain").report(Long.MAX_VALUE);
    assertThat(later.overview().rows()).isEqualTo(ROWS);
    assertThat(later.answers().leastCertain())
        .allSatisfy(row -> assertThat(row.sourceFile()).isNull());
  }
}
