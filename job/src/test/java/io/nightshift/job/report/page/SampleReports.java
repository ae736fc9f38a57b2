package io.nightshift.job.report.page;

import io.nightshift.job.report.AnswerFigures;
import io.nightshift.job.report.AnswerFigures.TokenBin;
import io.nightshift.job.report.AnswerFigures.ValueCount;
import io.nightshift.job.report.AnswerFigures.ValueDistribution;
import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.Comparison.ChangedRow;
import io.nightshift.job.report.ConfigurationEntry;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.EngineFigures;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.EvaluationFigures;
import io.nightshift.job.report.EvaluationFigures.CalibrationBin;
import io.nightshift.job.report.EvaluationFigures.LabelFigures;
import io.nightshift.job.report.Overview;
import io.nightshift.job.report.PrefixFigures;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.Timeline;
import io.nightshift.job.report.UncertainRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reports as runs of different sizes make them. */
final class SampleReports {
  private static final List<String> SECTIONS =
      List.of("database", "fonts", "games", "graphics", "mail", "science", "sound");

  private SampleReports() {}

  /**
   * The quick start: 1,001 packages sorted into seven sections on a CPU, compared with the truth.
   *
   * @param rowText text of the least certain rows
   */
  static ReportData packages(String rowText) {
    return report(1_001, 80, 1, 20, rowText);
  }

  /** A million rows on eight GPUs, with as much of everything as a report lists. */
  static ReportData large() {
    return report(1_000_000, 480, 8, 200, "a row of the input, ".repeat(10));
  }

  /** A report with nothing but its head. */
  static ReportData bare(boolean complete, long rows, long rowsBefore, @Nullable String failure) {
    Instant started = Instant.parse("2026-11-30T01:04:10Z");
    return new ReportData(
        new Overview(
            "/data/labels",
            "0.1.0",
            null,
            started,
            started.plusSeconds(60),
            60,
            rows + rowsBefore + (complete ? 0 : 8),
            rows + rowsBefore,
            rows,
            rowsBefore,
            Map.of("choice", rows),
            0,
            0,
            0,
            rows / 50.0,
            null,
            failure,
            null,
            false),
        Timeline.EMPTY,
        List.of(),
        new AnswerFigures(rows + rowsBefore, List.of(), List.of(), List.of()),
        List.of(),
        List.of(),
        null,
        null,
        List.of());
  }

  /** The quick start, compared with a column that has none of the choices. */
  static ReportData withOtherTruths(List<String> truths) {
    ReportData report = packages("chess: board game");
    return new ReportData(
        report.overview(),
        report.timeline(),
        report.engines(),
        report.answers(),
        report.errors(),
        report.prefixes(),
        report.energy(),
        new EvaluationFigures(
            "section",
            0,
            0,
            0,
            1_001,
            truths,
            0,
            null,
            List.of(),
            List.of(),
            new long[0][],
            List.of(),
            null),
        report.configuration());
  }

  /** A report that has a text in every place that takes one. */
  static ReportData withText(String text) {
    ReportData report = packages(text);
    Overview overview = report.overview();
    EngineFigures engine = report.engines().get(0);
    EvaluationFigures evaluation = Objects.requireNonNull(report.evaluation());
    return new ReportData(
        new Overview(
            text,
            text,
            text,
            overview.started(),
            overview.ended(),
            overview.seconds(),
            overview.plannedRows() + 1,
            overview.rowsInOutput(),
            overview.rows(),
            0,
            Map.of(text, overview.rows()),
            overview.promptTokens(),
            overview.cachedTokens(),
            overview.outputTokens(),
            overview.rowsPerSecond(),
            null,
            text,
            text,
            true),
        report.timeline(),
        List.of(
            new EngineFigures(text, text, text, text, 1, 1, 0, 0, 1, 1, 1, 0, 0, engine.joules())),
        new AnswerFigures(
            overview.rows(),
            List.of(
                new ValueDistribution(
                    text,
                    List.of(new ValueCount(text, 7)),
                    1,
                    report.answers().distributions().get(0).confidenceHistogram())),
            List.of(new UncertainRow(text, 3L, text, text, 0.1, text, text)),
            List.of()),
        List.of(new ErrorFigures(text, 1, List.of(text))),
        List.of(new PrefixFigures(1, 1, 1, 1, text)),
        new EnergyFigures(null, null, null, null, null, 0, 1.0, text, text, List.of(text)),
        new EvaluationFigures(
            text,
            7,
            0,
            0,
            1,
            List.of(text),
            0.5,
            0.6,
            List.of(new LabelFigures(text, 7, 0.5, 0.5, 0.5)),
            List.of(text),
            new long[][] {{7}},
            evaluation.calibration(),
            0.1),
        List.of(new ConfigurationEntry(text, text)));
  }

  /** The quick start, as fast as if its 412 seconds were 8.24. */
  static ReportData withShortIntervals() {
    ReportData report = packages("chess: board game");
    Timeline slow = report.timeline();
    return new ReportData(
        report.overview(),
        new Timeline(
            Arrays.stream(slow.seconds()).map(second -> second / 50).toArray(),
            slow.rowsPerSecond(),
            slow.promptTokensPerSecond(),
            slow.outputTokensPerSecond(),
            slow.cacheHitRate(),
            slow.stepMillis(),
            slow.runningRequests(),
            slow.waitingRequests()),
        report.engines(),
        report.answers(),
        report.errors(),
        report.prefixes(),
        report.energy(),
        report.evaluation(),
        report.configuration());
  }

  /**
   * The quick start with other labels, of which each has been the answer of one row more than the
   * one before it.
   */
  static ReportData withLabels(List<String> labels) {
    ReportData report = packages("chess: board game");
    AnswerFigures answers = report.answers();
    EvaluationFigures evaluation = Objects.requireNonNull(report.evaluation());
    long[][] matrix = new long[labels.size()][labels.size()];
    List<ValueCount> values = new ArrayList<>();
    List<LabelFigures> figures = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      matrix[label][label] = label + 1;
      values.add(new ValueCount(labels.get(label), label + 1));
      figures.add(new LabelFigures(labels.get(label), label + 1, 0.5, 0.625, 0.5556));
    }
    return new ReportData(
        report.overview(),
        report.timeline(),
        report.engines(),
        new AnswerFigures(
            answers.rows(),
            List.of(
                new ValueDistribution(
                    "completion", values, 0, answers.distributions().get(0).confidenceHistogram())),
            List.of(new UncertainRow(null, null, null, labels.get(0), 0.1, labels.get(1), "id: 7")),
            List.of()),
        report.errors(),
        report.prefixes(),
        report.energy(),
        new EvaluationFigures(
            "section",
            evaluation.rows(),
            0,
            0,
            0,
            List.of(),
            evaluation.accuracy(),
            0.872,
            figures,
            labels,
            matrix,
            evaluation.calibration(),
            0.118),
        report.configuration());
  }

  private static ReportData report(
      long rows, int points, int engines, int examples, String rowText) {
    Random random = new Random(19);
    double seconds = rows > 10_000 ? 7.5 * 3600 : 412;
    long promptTokens = rows * 187;
    long cachedTokens = rows * 158;
    return new ReportData(
        new Overview(
            "s3://bucket/packages/sections",
            "0.1.0",
            "hf:HuggingFaceTB/SmolLM2-135M-Instruct",
            Instant.parse("2026-11-30T01:04:10Z"),
            Instant.parse("2026-11-30T01:04:10Z").plusMillis((long) (1000 * seconds)),
            seconds + 9,
            rows,
            rows,
            rows,
            0,
            Map.of("choice", rows - 7, "error", 7L),
            promptTokens,
            cachedTokens,
            0,
            rows / seconds,
            seconds * 1.12,
            null,
            null,
            false),
        timeline(random, points, seconds, rows / seconds, engines),
        IntStream.range(0, engines)
            .mapToObj(
                index ->
                    engine(index, engines > 1 ? "NVIDIA H200" : "CPU", rows / engines, seconds))
            .toList(),
        answers(random, rows, examples, rowText),
        List.of(
            new ErrorFigures(
                "prompt_too_long",
                5,
                List.of(
                    "part-0003.parquet, row 118: the prompt has 9,812 tokens, the model takes 8,192",
                    "part-0007.parquet, row 4: the prompt has 8,410 tokens, the model takes 8,192")),
            new ErrorFigures(
                "empty_prompt", 2, List.of("part-0001.parquet, row 77: the prompt is empty"))),
        IntStream.range(0, 8)
            .mapToObj(
                index ->
                    new PrefixFigures(
                        158 - 9L * index,
                        rows >> index,
                        (158 - 9L * index) * ((rows >> index) - 1),
                        0.8 / (1 << index),
                        "Each software package belongs to one section: database, fonts, games\n"
                            + "[...]\nmutt: reader for mailboxes and newsgroups\nmail\n"))
            .toList(),
        new EnergyFigures(
            engines > 1 ? 18.4e6 : null,
            engines > 1 ? null : 31_500.0,
            engines > 1 ? 18.4 : 31.5,
            null,
            engines > 1 ? 5_240.0 : 76.4,
            engines > 1 ? 0.0292 : 0,
            engines > 1 ? 150.25 : 0.0026,
            "EUR",
            null,
            engines > 1 ? List.of("CPU packages: RAPL cannot be read on gpu-host-3") : List.of()),
        evaluation(random, rows),
        List.of(
            new ConfigurationEntry("answer.choices", String.join(", ", SECTIONS)),
            new ConfigurationEntry("engine.max-batch-tokens", "2048"),
            new ConfigurationEntry("input.path", "s3://bucket/packages/input/"),
            new ConfigurationEntry("model.device", "cpu"),
            new ConfigurationEntry("model.path", "hf:HuggingFaceTB/SmolLM2-135M-Instruct"),
            new ConfigurationEntry("output.path", "s3://bucket/packages/sections"),
            new ConfigurationEntry(
                "prompt.text",
                "Each software package belongs to one section.\n\n{{ package }}: {{ description }}"),
            new ConfigurationEntry("storage.s3.secret-key", "******")));
  }

  private static Timeline timeline(
      Random random, int points, double seconds, double rowsPerSecond, int engines) {
    double[] level = new double[points];
    for (int index = 0; index < points; index++) {
      double start = Math.min(1, (index + 0.5) / 3);
      double slow = 1 - 0.25 * Math.exp(-Math.pow((index - points * 0.6) / (points * 0.05), 2));
      level[index] = start * slow * (1 + 0.06 * random.nextGaussian());
    }
    double[] hits =
        DoubleStream.generate(() -> 0.845 + 0.01 * random.nextGaussian()).limit(points).toArray();
    hits[0] = 0.4;
    hits[points / 2] = Double.NaN;
    return new Timeline(
        IntStream.rangeClosed(1, points).mapToDouble(end -> end * seconds / points).toArray(),
        Arrays.stream(level).map(value -> value * rowsPerSecond).toArray(),
        Arrays.stream(level).map(value -> value * rowsPerSecond * 187).toArray(),
        new double[points],
        hits,
        Arrays.stream(level).map(value -> 310 / Math.max(value, 0.3)).toArray(),
        Arrays.stream(level).map(value -> engines * 24 * Math.min(1, value)).toArray(),
        IntStream.range(0, points)
            .mapToDouble(
                index -> index < points - 4 ? engines * 64 : engines * 16.0 * (points - 1 - index))
            .toArray());
  }

  private static EngineFigures engine(int index, String device, long rows, double seconds) {
    return new EngineFigures(
        String.valueOf(index),
        "gpu-host-" + index / 4,
        device,
        "bf16",
        rows,
        rows * 187,
        rows * 158,
        0,
        rows / 22,
        310.5,
        seconds,
        seconds * 0.004 * (index + 1),
        3L * index,
        2.3e6 + index * 1e4);
  }

  private static AnswerFigures answers(Random random, long rows, int examples, String rowText) {
    double[] shares = {0.31, 0.2, 0.16, 0.13, 0.09, 0.07, 0.04};
    List<ValueCount> values =
        IntStream.range(0, SECTIONS.size())
            .mapToObj(index -> new ValueCount(SECTIONS.get(index), (long) (shares[index] * rows)))
            .toList();
    List<Long> histogram =
        IntStream.range(0, ValueDistribution.CONFIDENCE_BINS)
            .mapToObj(
                bin -> bin < 3 ? 0L : (long) (rows * (0.01 + 0.006 * bin - 0.0001 * bin * bin)))
            .toList();
    List<UncertainRow> leastCertain = new ArrayList<>();
    for (int index = 0; index < examples; index++) {
      leastCertain.add(
          new UncertainRow(
              "/data/packages/part-000" + index % 10 + ".parquet",
              (long) random.nextInt(4_000),
              null,
              SECTIONS.get(random.nextInt(7)),
              0.15 + 0.004 * index,
              SECTIONS.get(random.nextInt(7)),
              rowText));
    }
    return new AnswerFigures(
        rows,
        List.of(new ValueDistribution("completion", values, 0, histogram)),
        leastCertain,
        List.of(
            new TokenBin(1, 1, rows / 2),
            new TokenBin(2, 3, rows / 3),
            new TokenBin(4, 7, rows / 6),
            new TokenBin(8, 15, rows / 40)));
  }

  private static EvaluationFigures evaluation(Random random, long rows) {
    long[][] matrix = new long[7][7];
    for (int truth = 0; truth < 7; truth++) {
      double right = 0.35 + 0.08 * truth;
      for (int answer = 0; answer < 7; answer++) {
        double share = truth == answer ? right : (1 - right) / 6 * (0.5 + random.nextDouble());
        matrix[truth][answer] = Math.round(share * rows / 7);
      }
    }
    List<LabelFigures> labels =
        IntStream.range(0, 7)
            .mapToObj(
                label -> {
                  double right = matrix[label][label];
                  double precision =
                      right / Arrays.stream(matrix).mapToLong(row -> row[label]).sum();
                  double recall = right / LongStream.of(matrix[label]).sum();
                  return new LabelFigures(
                      SECTIONS.get(label),
                      LongStream.of(matrix[label]).sum(),
                      precision,
                      recall,
                      2 * precision * recall / (precision + recall));
                })
            .toList();
    List<CalibrationBin> calibration =
        IntStream.range(0, 10)
            .mapToObj(
                bin ->
                    bin == 0
                        ? new CalibrationBin(0, 0.1, 0, 0, 0)
                        : new CalibrationBin(
                            bin / 10.0,
                            (bin + 1) / 10.0,
                            rows * bin / 50,
                            bin / 10.0 + 0.05,
                            Math.min(1, 0.15 + 0.07 * bin + 0.02 * random.nextGaussian())))
            .toList();
    return new EvaluationFigures(
        "section",
        rows - 7,
        0,
        7,
        0,
        List.of(),
        0.541,
        0.872,
        labels,
        SECTIONS,
        matrix,
        calibration,
        0.118);
  }

  /** Two models on the packages. */
  static Comparison comparison() {
    return comparison(Collections.nCopies(8, "/data/packages/part-0004.parquet"));
  }

  /** The same, with a changed row of each file. */
  static Comparison comparison(List<String> sourceFiles) {
    long[][] matrix = new long[7][7];
    for (int first = 0; first < 7; first++) {
      for (int second = 0; second < 7; second++) {
        matrix[first][second] = first == second ? 131 - 4 * first : (first * 5 + second) % 4;
      }
    }
    long changed =
        Arrays.stream(matrix).flatMapToLong(Arrays::stream).sum()
            - IntStream.range(0, 7).mapToLong(label -> matrix[label][label]).sum();
    return new Comparison(
        "s3://bucket/packages/sections",
        "s3://bucket/packages/sections-2",
        null,
        Arrays.stream(matrix).flatMapToLong(Arrays::stream).sum(),
        0,
        12,
        changed,
        0.934,
        SECTIONS,
        matrix,
        sourceFiles.stream().map(file -> new ChangedRow(file, 1_204, "games", "science")).toList());
  }
}
