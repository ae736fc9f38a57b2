package io.nightshift.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.report.ConfigurationEntry;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.PrefixFigures;
import io.nightshift.job.report.runs.RunDescription;
import io.nightshift.job.report.runs.RunRecord;
import io.nightshift.job.report.runs.RunRecords;
import io.nightshift.job.report.runs.RunResult;
import io.nightshift.job.report.runs.RunResult.State;
import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on outputs that were written without a run, and on what is none. */
class ReportCommandTest {
  private static final String ANSWERS =
      """
      message answers {
        required binary body (STRING);
        optional binary completion (STRING);
        required binary finish_reason (STRING);
        optional group choice_probabilities (MAP) {
          repeated group key_value { required binary key (STRING); optional double value; }
        }
        required int32 prompt_tokens;
        required int32 cached_tokens;
        required int32 output_tokens;
        optional binary error_code (STRING);
        optional binary error_message (STRING);
        required binary source_file (STRING);
        required int64 source_row;
      }
      """;

  private static final int ROWS = 10;

  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();

  private Outcome report(Object... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "report";
    for (int i = 0; i < arguments.length; i++) {
      all[i + 1] = arguments[i].toString();
    }
    return new CommandLineInterface(List.of(new ReportCommand()), new PrintWriter(out, true))
        .execute(all);
  }

  private Path output(String name, String changedAnswer, State state) throws IOException {
    Path output = Files.createDirectories(folder.resolve(name));
    ParquetRows.write(
        output.resolve("part-0.parquet"),
        ANSWERS,
        ROWS,
        (row, group) -> {
          group.append("body", "text " + row);
          if (row == 3) {
            group.append("finish_reason", "error");
            group.append("error_code", "prompt_empty").append("error_message", "it is empty");
          } else {
            String answer = row == 5 ? changedAnswer : "yes";
            group.append("completion", answer).append("finish_reason", "choice");
            var map = group.addGroup("choice_probabilities");
            map.addGroup(0).append("key", answer).append("value", 0.5 + row / 20.0);
            map.addGroup(0).append("key", "maybe").append("value", 0.5 - row / 20.0);
          }
          group.append("prompt_tokens", 10).append("cached_tokens", 4).append("output_tokens", 1);
          group.append("source_file", "s3://in/a.parquet").append("source_row", (long) row);
        });
    RunRecords.of(new org.apache.flink.core.fs.Path(output.toUri())).write(record(output, state));
    return output;
  }

  /** An output of 25 rows, 10 of which are answered. */
  private Path unfinished(String name) throws IOException {
    Path output = output(name, "no", State.RUNNING);
    RunRecord known = record(output, State.RUNNING);
    RunDescription run = known.description();
    RunDescription longer =
        new RunDescription(
            run.run(),
            run.version(),
            run.output(),
            null,
            run.model(),
            run.started(),
            25,
            0,
            null,
            List.of(),
            List.of());
    RunRecords.of(new org.apache.flink.core.fs.Path(output.toUri()))
        .write(new RunRecord(longer, known.result(), known.engines()));
    return output;
  }

  private static RunRecord record(Path output, State state) {
    Instant started = Instant.parse("2026-11-30T21:00:00Z");
    EngineSeries engine =
        EngineSeries.beginning(0, 0, "night", "GPU 0 (NVIDIA H200)", "bf16")
            .with(
                started.toEpochMilli(),
                List.of(
                    new EngineSample(
                        started.plusSeconds(20).toEpochMilli(),
                        ROWS,
                        100,
                        40,
                        10,
                        5,
                        50_000_000,
                        20,
                        5,
                        0,
                        10_000)));
    return new RunRecord(
        new RunDescription(
            "0123456789ab",
            "1.2.3",
            output.toString(),
            null,
            "hf:some/model",
            started,
            ROWS,
            0,
            30.0,
            List.of(new PrefixFigures(4, 10, 36, 0.36, "You are")),
            List.of(new ConfigurationEntry("model.path", "hf:some/model"))),
        new RunResult(
            state,
            state == State.FAILED ? "the lights went out" : null,
            started.plusSeconds(25),
            Map.of("choice", 9L, "error", 1L),
            100,
            40,
            10,
            20,
            List.of(new ErrorFigures("prompt_empty", 1, List.of("a.parquet row 3: it is empty"))),
            null,
            Map.of(),
            null),
        List.of(engine));
  }

  @Test
  void printsWhatARunBrought() throws IOException {
    Path page = folder.resolve("page.html");
    Outcome outcome = report(output("answers", "no", State.DONE), "--html", page);
    assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.DONE);
    assertThat(out.toString())
        .startsWith("Answered 9 of 10 rows in 25s.\n")
        .contains("  finished    9 choice, 1 error\n")
        .contains("  tokens      100 prompt (40% from the prefix cache), 10 output\n")
        .contains("  rate        0.50 rows/s; the plan expected 30s\n")
        .contains("  completion  yes 8 (89%), no 1 (11%) of 9 answered rows\n")
        .contains("  uncertain   0.50 yes, or maybe: s3://in/a.parquet row 0\n")
        .contains("  failed      1 row with prompt_empty\n")
        .contains("a.parquet row 3: it is empty\n")
        .contains("  prefix      4 tokens of 10 rows, which saves 36 tokens\n")
        .contains("GPU 0 (NVIDIA H200) bf16 on night: 10 rows in 20s, 10.0 ms a step")
        .doesNotContain("note");
    assertThat(Files.readString(page)).contains("prompt_empty");
  }

  @Test
  void saysThatARunFailedOrWasCutOff() throws IOException {
    assertThat(report(output("failed", "no", State.FAILED)).status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString())
        .startsWith("Failed after 10 rows in 25s; 10 of 10 rows have their answers.\n")
        .contains("failure     the lights went out");
    assertThat(report(output("killed", "no", State.RUNNING)).status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString()).contains("note        the run was cut off");
    assertThat(report(unfinished("half")).status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString()).contains("Not complete: 10 of 25 rows have their answers.\n");
  }

  @Test
  void saysThatARunIsGoingOn() throws IOException {
    Path output = output("busy", "no", State.RUNNING);
    Path lease = Files.createDirectories(output.resolve("_nightshift/lease"));
    Files.writeString(
        lease.resolve("holder.json"),
        "{\"id\": \"x\", \"description\": \"process 7@host\"}",
        UTF_8);
    assertThat(report(output).status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString()).contains("a run is going on, or was killed (process 7@host)");
  }

  @Test
  void reportsTheRunOfARecord() throws IOException {
    Path output = output("answers", "no", State.DONE);
    Path record;
    try (var files = Files.list(output.resolve("_nightshift/runs"))) {
      record = files.findFirst().orElseThrow();
    }
    assertThat(report(record).status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString()).contains("  answers     file:" + output);
  }

  @Test
  void comparesTwoOutputs() throws IOException {
    Path page = folder.resolve("comparison.html");
    Path first = output("first", "no", State.DONE);
    Path second = output("second", "never", State.DONE);
    assertThat(report(first, second, "--html", page).status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString())
        .startsWith("1 of 10 rows have another answer.\n")
        .contains("  agreement   0.9000\n")
        .contains("became never 1\n")
        .contains("  changed     s3://in/a.parquet row 5\n");
    assertThat(Files.readString(page)).contains("never");
  }

  @Test
  void labelsCannotCommandTheTerminalOrFillIt() throws IOException {
    String label = "\u0000\u001b[31mred\nline " + "x".repeat(300);
    assertThat(report(output("answers", label, State.DONE)).status()).isEqualTo(Outcome.DONE);
    assertThat(out.toString())
        .contains("yes 8 (89%), <U+0000><U+001B>[31mred↵lin…xxxxxxxxxxxx 1 (11%) of 9 answered");
    assertThat(report(output("first", "no", State.DONE), output("second", label, State.DONE)))
        .extracting(Outcome::status)
        .isEqualTo(Outcome.DONE);
    assertThat(out.toString())
        .contains("became <U+0000><U+001B>[31mred↵lin…xxxxxxxxxxxx 1\n")
        .doesNotContain("\u0000")
        .doesNotContain("\u001b");
    assertThat(out.toString().lines()).allMatch(line -> line.length() < 200);
  }

  @Test
  void comparesTwoOutputsByAColumn() throws IOException {
    Path page = folder.resolve("comparison.html");
    Path first = output("first", "no", State.DONE);
    Path second = output("second", "never", State.DONE);
    assertThat(report(first, second, "--key", "body", "--html", page).status())
        .isEqualTo(Outcome.DONE);
    assertThat(out.toString())
        .startsWith("1 of 10 rows have another answer.\n")
        .contains("  changed     body text 5\n");
    assertThat(Files.readString(page)).contains("text 5");

    Outcome one = report(first, "--key", "body");
    assertThat(one.status()).isEqualTo(Outcome.WRONG_CALL);
    assertThat(one.complaint().orElseThrow()).contains("--key says how two outputs are compared");
  }

  @Test
  void twoWholeOutputsAreCompared() throws IOException {
    Path first = output("first", "no", State.DONE);
    Path second = output("second", "never", State.DONE);
    Path record;
    try (var files = Files.list(second.resolve("_nightshift/runs"))) {
      record = files.findFirst().orElseThrow();
    }
    assertRefused("Unmatched argument at index 3", first, second, first);
    String problem = " is the record of a run, but answers of whole outputs are compared";
    assertRefused(record + problem, record, first);
    assertRefused(record + problem + ": name the folder file:" + second, first, record);
  }

  @Test
  void aPageIsNotWrittenAmongAnswers() throws IOException {
    Path answers = output("answers", "no", State.DONE);
    Path other = output("other", "no", State.DONE);
    for (Path page : List.of(answers.resolve("page.html"), other.resolve("page.html"))) {
      assertRefused(page + " is in the output ", answers, "--html", page);
      assertThat(page).doesNotExist();
    }
    Files.createDirectories(answers.resolve("pages"));
    assertRefused("is in the output ", answers, "--html", answers.resolve("pages/page.html"));

    for (String name : List.of("_page.html", "_nightshift/page.html")) {
      Outcome outcome = report(answers, "--html", answers.resolve(name));
      assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.DONE);
      assertThat(answers.resolve(name)).isNotEmptyFile();
    }
    assertThat(report(answers).status()).isEqualTo(Outcome.DONE);
  }

  @Test
  void aPageTakesThePlaceOfAPageOnly() throws IOException {
    Path answers = output("answers", "no", State.DONE);
    Path data = answers.resolve("part-0.parquet");
    byte[] before = Files.readAllBytes(data);
    assertRefused(data + " exists and is no page", answers, "--html", data);
    assertThat(data).hasBinaryContent(before);
    assertRefused(folder + " is a folder; name a file", answers, "--html", folder);
    Path lost = folder.resolve("none/page.html");
    assertRefused("the folder of --html " + lost + " does not exist", answers, "--html", lost);
    assertThat(folder.resolve("none")).doesNotExist();

    Path page = folder.resolve("page");
    for (int i = 0; i < 2; i++) {
      assertThat(report(answers, "--html", page).status()).isEqualTo(Outcome.DONE);
    }
    Path old = Files.writeString(folder.resolve("old.html"), "mine");
    assertThat(report(answers, "--html", old).status()).isEqualTo(Outcome.DONE);
    assertThat(old).content().startsWith("<!DOCTYPE html>");
  }

  @Test
  void whatIsNoOutputIsRefusedByName() throws IOException {
    assertRefused("does not exist", folder.resolve("nothing"));
    Path photos = Files.createDirectories(folder.resolve("photos"));
    assertRefused("is not the output of a run: it has no folder _nightshift", photos);
    Path file = Files.writeString(folder.resolve("file.txt"), "x");
    assertRefused("is neither the folder of an output nor the record of a run", file);

    Files.createDirectories(photos.resolve("_nightshift/plan"));
    assertRefused("has no record of a run", photos);
    Path lease = Files.createDirectories(photos.resolve("_nightshift/lease"));
    Files.writeString(
        lease.resolve("holder.json"),
        "{\"id\": \"x\", \"description\": \"process 7@host\"}",
        UTF_8);
    assertRefused("its first run (process 7@host) has not begun to answer", photos);

    Path runs = Files.createDirectories(photos.resolve("_nightshift/runs"));
    Files.writeString(runs.resolve("20261130T210000Z-0123456789ab.parquet"), "no Parquet");
    assertRefused("cannot be opened as a Parquet file", photos);
    assertRefused("no file system for this scheme", "nofs://bucket/answers");
  }

  @Test
  void aFileOfSomethingElseAmongTheAnswersIsNamed() throws IOException {
    Path output = output("answers", "no", State.DONE);
    Files.writeString(output.resolve("readme.txt"), "not Parquet");
    assertRefused("readme.txt: cannot be opened as a Parquet file", output);
  }

  private void assertRefused(String problem, Object... arguments) {
    Outcome outcome = report(arguments);
    assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.WRONG_CALL);
    assertThat(outcome.complaint().orElseThrow()).contains(problem);
  }
}
