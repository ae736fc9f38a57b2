package io.nightshift.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.engine.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTextTest {

  @Test
  void saysWhatARunDidAndWhatFailed() {
    RunReport report =
        new RunReport(
            "s3://bucket/labels/",
            Duration.ofSeconds(75),
            new RunReport.RowCounts(
                300, Map.of(FinishReason.CHOICE, 1197L, FinishReason.ERROR, 3L)),
            List.of(
                new FailedRows(
                    "prompt_too_long",
                    2,
                    List.of(
                        "tickets.parquet row 17: 9,120 tokens, the model has 8,192",
                        "tickets.parquet row 40: 8,193 tokens, the model has 8,192")),
                new FailedRows("null_prompt", 1, List.of("tickets.parquet row 3: body is null"))),
            List.of(
                new StageReport(Stage.READING, 1200, 0, Duration.ofMillis(800)),
                new StageReport(Stage.INFERRING, 1197, 360_000, Duration.ofSeconds(72))),
            new TokenCounts(360_000, 300_000, 0),
            List.of("2: GPU 0 (NVIDIA H200), GPU 1 (NVIDIA H200)"),
            List.of(new RunReport.Section("evaluation", List.of("accuracy 0.9", "0.95 of some"))));

    assertThat(report.text())
        .isEqualTo(
            """
            Answered 1,197 of 1,200 rows in 1m 15s.
              before      300 rows had answers already
              finished    1,197 choice, 3 error
              tokens      360,000 prompt (83% from the prefix cache)
              engines     2: GPU 0 (NVIDIA H200), GPU 1 (NVIDIA H200)
              reading     1,200 rows in 0s: 1,500 rows/s
              inferring   1,197 rows in 1m 12s: 16.6 rows/s, 5,000 tokens/s
              evaluation  accuracy 0.9
                          0.95 of some
              failed      2 rows with prompt_too_long
                          tickets.parquet row 17: 9,120 tokens, the model has 8,192
                          tickets.parquet row 40: 8,193 tokens, the model has 8,192
              failed      1 row with null_prompt
                          tickets.parquet row 3: body is null
              answers     s3://bucket/labels/
            """);
  }

  @Test
  void saysThatNothingHadToBeDone() {
    RunReport report = RunReport.nothingToDo("/out", Duration.ofSeconds(2));

    assertThat(report.text())
        .isEqualTo(
            """
            Nothing to do: the answers of this job are there already.
              answers     /out
            """);
  }

  @Test
  void saysWhatAPlanWillCost() {
    PlanReport report =
        new PlanReport(
            1_000_000,
            List.of(new FailedRows("template_error", 4, List.of("row 5: no column 'bdy'"))),
            new PlanReport.Prompts(
                360_000_000,
                60_000_000,
                17,
                List.of(
                    new PlanReport.Prefix(999_996, 300, "Sort the ticket into … Ticket:"),
                    new PlanReport.Prefix(40, 512, "Sort the ticket into … the same"))),
            new PlanReport.Answers(
                256_000_000,
                Optional.of(Duration.ofHours(2)),
                List.of("about 3,780,000 J, 4.20 EUR", "as the run"),
                List.of("name  string", "size  long or null")),
            new PlanReport.WorkUnits(601, "/out/_nightshift"),
            Optional.of("4 bits, GPTQ"),
            List.of("2: GPU 0 (NVIDIA H200), GPU 1 (NVIDIA L4)", "GPUs of different kinds"),
            List.of("2 GPUs of 79.0 GiB", "1 GPU of 139.0 GiB"),
            Duration.ofSeconds(3700));

    assertThat(report.text())
        .isEqualTo(
            """
            Planned 1,000,000 rows in 1h 01m.
              prompts     360,000,000 tokens, of which 83% are shared, 17 duplicate rows among them
              to compute  60,000,000 prompt tokens and at most 256,000,000 output tokens
              weights     4 bits, GPTQ
              engines     2: GPU 0 (NVIDIA H200), GPU 1 (NVIDIA L4)
                          GPUs of different kinds
              an engine   2 GPUs of 79.0 GiB
                          1 GPU of 139.0 GiB
              answers in  about 2h 00m
              takes       about 3,780,000 J, 4.20 EUR
                          as the run
              answer      name  string
                          size  long or null
              prefix      300 tokens of 999,996 rows
                          Sort the ticket into … Ticket:
              prefix      512 tokens of 40 rows
                          Sort the ticket into … the same
              failed      4 rows with template_error
                          row 5: no column 'bdy'
              work units  601 in /out/_nightshift
            """);
  }
}
