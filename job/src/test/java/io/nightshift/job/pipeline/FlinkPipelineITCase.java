package io.nightshift.job.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.FailedRows;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.run.JobFailedException;
import io.nightshift.job.run.JobPaths.NamedPath;
import io.nightshift.job.run.WorkFolder;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole jobs with the real model, from Parquet to Parquet, with rows that cannot be answered among
 * the others.
 */
class FlinkPipelineITCase {
  private static final String SCHEMA =
      """
      message tickets {
        required int64 id;
        optional binary subject (STRING);
        optional binary body (STRING);
        required int32 parts;
        optional group origin {
          optional binary team (STRING);
          optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
        }
      }
      """;

  private static final int ROWS = 60;
  private static final int NULL_BODY = 5;
  private static final int NULL_SUBJECT = 11;
  private static final int BLANK = 17;
  private static final int TOO_LONG = 23;
  private static final int BROKEN_UTF8 = 29;
  private static final int TEMPLATE_ERROR = 35;
  private static final int PLAIN = 41;
  private static final int MARKED = 47;

  private static final String PLAIN_TEXT = "The bill came twice";
  private static final byte[] BROKEN = {'b', 'i', 'l', 'l', (byte) 0xC3, (byte) 0x28};

  private static final Map<Integer, String> ERRORS =
      Map.of(
          NULL_BODY, "prompt_null",
          BLANK, "prompt_empty",
          TOO_LONG, "prompt_too_long",
          BROKEN_UTF8, "invalid_utf8",
          TEMPLATE_ERROR, "template_error");

  private static final List<String> CHOICES = List.of("billing", "outage", "other");

  @TempDir private static Path folder;
  private static RunReport report;
  private static List<Group> answers;

  @BeforeAll
  static void answerTickets() throws Exception {
    ParquetRows.write(folder.resolve("tickets.parquet"), SCHEMA, ROWS, FlinkPipelineITCase::ticket);
    report = run(job());
    answers = ParquetRows.read(folder.resolve("answers"));
  }

  private static void ticket(int id, Group row) {
    row.append("id", (long) id);
    if (id != NULL_SUBJECT) {
      row.append("subject", "Ticket " + id);
    }
    switch (id) {
      case NULL_BODY -> {}
      case BLANK -> row.append("body", "  \n\t");
      case TOO_LONG -> row.append("body", "the line is down ".repeat(2500));
      case BROKEN_UTF8 -> row.append("body", Binary.fromConstantByteArray(BROKEN));
      case PLAIN -> row.append("body", PLAIN_TEXT);
      case MARKED -> row.append("body", PLAIN_TEXT + "<|im_end|>");
      default -> row.append("body", id % 2 == 0 ? "No signal since noon" : "Refund my last bill");
    }
    row.append("parts", id == TEMPLATE_ERROR ? 0 : 1);
    if (id % 3 != 0) {
      Group origin = row.addGroup("origin").append("team", "north");
      Group tags = origin.addGroup("tags");
      tags.addGroup("list").append("element", "tag" + id);
      tags.addGroup("list");
    }
  }

  private static String job(String... changes) {
    Map<String, String> options = new HashMap<>();
    options.put(
        "user", "{% if subject is none %}(no subject) {% endif %}{{ body }}{{ '' if 1 // parts }}");
    options.put("answer", "{choices: [billing, outage, other]}");
    options.put("output", "answers");
    options.put("errors", "0.2");
    options.put("input", "tickets.parquet");
    for (int i = 0; i < changes.length; i += 2) {
      options.put(changes[i], changes[i + 1]);
    }
    return """
        input: {path: %s}
        model: {path: %s, device: cpu}
        prompt: {system: Sort the ticket., user: "%s"}
        answer: %s
        output: {path: %s}
        errors: {max-fraction: %s}
        engine: {kv-cache-memory: 600m}
        """
        .formatted(
            folder.resolve(String.valueOf(options.get("input"))),
            RealModel.smolLm2(),
            options.get("user"),
            options.get("answer"),
            folder.resolve(String.valueOf(options.get("output"))),
            options.get("errors"));
  }

  private static RunReport run(String job) throws Exception {
    return run(job, Pipeline.Start.CONTINUE);
  }

  private static RunReport run(String job, Pipeline.Start start) throws Exception {
    return new EmbeddedRuns().run(start, job);
  }

  private static PlanReport plan(String job) throws Exception {
    return new EmbeddedRuns().plan(job);
  }

  @Test
  void everyRowComesOutOnceWithItsColumns() {
    assertThat(answers)
        .extracting(row -> row.getLong("id", 0))
        .hasSize(ROWS)
        .doesNotHaveDuplicates();
    for (Group row : answers) {
      int id = (int) row.getLong("id", 0);
      assertThat(text(row, "subject")).isEqualTo(id == NULL_SUBJECT ? null : "Ticket " + id);
      assertThat(row.getInteger("parts", 0)).isEqualTo(id == TEMPLATE_ERROR ? 0 : 1);
      assertThat(row.getFieldRepetitionCount("origin")).isEqualTo(id % 3 == 0 ? 0 : 1);
      if (id % 3 != 0) {
        Group origin = row.getGroup("origin", 0);
        assertThat(text(origin, "team")).isEqualTo("north");
        Group tags = origin.getGroup("tags", 0);
        assertThat(tags.getFieldRepetitionCount(0)).isEqualTo(2);
        assertThat(tags.getGroup(0, 0).getString(0, 0)).isEqualTo("tag" + id);
        assertThat(tags.getGroup(0, 1).getFieldRepetitionCount(0)).isZero();
      }
    }
    assertThat(answers.get(NULL_BODY).getFieldRepetitionCount("body")).isZero();
    assertThat(answers.get(BROKEN_UTF8).getBinary("body", 0).getBytes()).isEqualTo(BROKEN);
  }

  @Test
  void everyGoodRowHasAChoiceAndItsProbabilities() {
    for (Group row : answers) {
      int id = (int) row.getLong("id", 0);
      if (ERRORS.containsKey(id)) {
        continue;
      }
      Map<String, Double> probabilities = probabilities(row);
      assertThat(probabilities).containsOnlyKeys(CHOICES);
      assertThat(probabilities.values().stream().mapToDouble(Double::doubleValue).sum())
          .isCloseTo(1, within(1e-6));
      String best =
          probabilities.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .orElseThrow()
              .getKey();
      assertThat(text(row, "completion")).isEqualTo(best);
      assertThat(text(row, "finish_reason")).isEqualTo("choice");
      assertThat(row.getInteger("prompt_tokens", 0)).isGreaterThan(10);
      assertThat(row.getInteger("cached_tokens", 0))
          .isBetween(0, row.getInteger("prompt_tokens", 0));
      assertThat(row.getInteger("output_tokens", 0)).isPositive();
      assertThat(text(row, "error_code")).isNull();
      assertThat(text(row, "error_message")).isNull();
    }
    assertThat(answers).extracting(row -> row.getInteger("cached_tokens", 0)).anyMatch(n -> n > 0);
  }

  @Test
  void everyBadRowSaysWhy() {
    ERRORS.forEach(
        (id, code) -> {
          Group row = answers.get(id);
          assertThat(text(row, "error_code")).isEqualTo(code);
          assertThat(text(row, "finish_reason")).isEqualTo("error");
          assertThat(text(row, "completion")).isNull();
          assertThat(row.getFieldRepetitionCount("choice_probabilities")).isZero();
          assertThat(row.getInteger("output_tokens", 0)).isZero();
        });
    assertThat(message(NULL_BODY)).contains("body is null").contains("{{ body or '' }}");
    assertThat(message(BLANK)).contains("empty");
    assertThat(message(TOO_LONG)).containsPattern("has 1\\d{4} tokens").contains("8191");
    assertThat(message(BROKEN_UTF8)).contains("body");
    assertThat(message(TEMPLATE_ERROR)).contains("prompt.user").contains("zero");
  }

  @Test
  void aControlTokenInARowIsText() {
    try (ModelFiles model = ModelFormats.open(RealModel.smolLm2());
        Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource())) {
      int plain = tokenizer.encode(PLAIN_TEXT).length;
      int marked = tokenizer.encode(PLAIN_TEXT + "<|im_end|>").length;
      assertThat(marked - plain).isGreaterThan(1);
      assertThat(answers.get(MARKED).getInteger("prompt_tokens", 0))
          .isEqualTo(answers.get(PLAIN).getInteger("prompt_tokens", 0) + marked - plain);
    }
  }

  @Test
  void theReportCountsEveryRow() {
    assertThat(report.rowCounts().byFinishReason())
        .containsOnly(Map.entry(FinishReason.CHOICE, 55L), Map.entry(FinishReason.ERROR, 5L));
    assertThat(report.failures())
        .extracting(FailedRows::code)
        .containsExactlyInAnyOrderElementsOf(ERRORS.values());
    assertThat(report.failures())
        .allSatisfy(
            failure -> assertThat(failure.examples().get(0)).contains("tickets.parquet row "));
    assertThat(report.tokens().prompt())
        .isEqualTo(answers.stream().mapToLong(row -> row.getInteger("prompt_tokens", 0)).sum());
  }

  @Test
  void aSecondRunDoesNothingAndSaysSo() throws Exception {
    List<Path> before = ParquetRows.files(folder.resolve("answers"));
    RunReport second = run(job());
    assertThat(second.stages()).isEmpty();
    assertThat(second.text())
        .startsWith("Nothing to do: the answers of this job are there already.");
    assertThat(ParquetRows.files(folder.resolve("answers"))).isEqualTo(before);
  }

  @Test
  void aPlanThatIsThereSaysWhatItSaidWhenItWasMade() throws Exception {
    PlanReport first = plan(job("output", "planned"));
    PlanReport second = plan(job("output", "planned"));
    assertThat(first.prompts().prefixes()).isNotEmpty();
    assertThat(first.prompts().prefixes().get(0).text()).contains("Sort the ticket.");
    assertThat(second.prompts().prefixes()).isEqualTo(first.prompts().prefixes());
    assertThat(second.failures()).isEqualTo(first.failures()).hasSize(ERRORS.size());
    assertThat(second.answers().maxTokens()).isEqualTo(first.answers().maxTokens());
  }

  @Test
  void anotherTemplateDoesNotMixItsAnswersIn() throws IOException {
    List<Path> before = ParquetRows.files(folder.resolve("answers"));
    assertThatThrownBy(() -> run(job("user", "{{ id }}")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("output.path")
        .hasMessageContaining(folder.resolve("answers").toString())
        .hasMessageContaining("the answers of another job, with another prompt.user (")
        .hasMessageContaining("--fresh");
    assertThat(ParquetRows.files(folder.resolve("answers"))).isEqualTo(before);
  }

  @Test
  void aFreshRunWritesBesideTheOldOne() throws Exception {
    List<Path> before = ParquetRows.files(folder.resolve("answers"));
    RunReport fresh = run(job("user", "{{ id }}"), Pipeline.Start.FRESH);
    assertThat(fresh.outputPath()).endsWith("answers-2");
    assertThat(ParquetRows.read(folder.resolve("answers-2"))).hasSize(ROWS);
    assertThat(ParquetRows.files(folder.resolve("answers"))).isEqualTo(before);
  }

  @Test
  void failedRowsGoToAFolderOfTheirOwnAndRowsTellWhereTheyComeFrom() throws Exception {
    String job =
        job("output", "good")
            + "errors.path: "
            + folder.resolve("bad")
            + "\noutput.source-columns: true\n";
    assertThat(run(job).rows()).isEqualTo(ROWS);
    List<Group> good = ParquetRows.read(folder.resolve("good"));
    List<Group> bad = ParquetRows.read(folder.resolve("bad"));
    assertThat(good).hasSize(ROWS - ERRORS.size()).allMatch(row -> text(row, "error_code") == null);
    assertThat(bad)
        .extracting(row -> text(row, "error_code"))
        .containsExactlyInAnyOrderElementsOf(ERRORS.values());
    assertThat(Stream.concat(good.stream(), bad.stream()))
        .allSatisfy(
            row -> {
              assertThat(text(row, "source_file")).endsWith("/tickets.parquet");
              assertThat(row.getLong("source_row", 0)).isEqualTo(row.getLong("id", 0));
            });
    assertThat(run(job).stages()).isEmpty();
  }

  @Test
  void onlyRowsWithoutAnAnswerAreAsked() throws Exception {
    String job = job("input", "growing", "output", "grown", "errors", "0");
    Files.createDirectories(folder.resolve("growing"));
    Path first = folder.resolve("growing/first.parquet");
    ParquetRows.write(first, SCHEMA, 10, (id, row) -> ticket(50 + id, row));
    assertThat(run(job).rows()).isEqualTo(10);

    ParquetRows.write(
        folder.resolve("growing/second.parquet"), SCHEMA, 5, (id, row) -> ticket(80 + id, row));
    RunReport grown = run(job);
    assertThat(grown.rowCounts().before()).isEqualTo(10);
    assertThat(grown.rows()).isEqualTo(5);
    List<Group> all = ParquetRows.read(folder.resolve("grown"));
    assertThat(all).hasSize(15);

    // As after a job that was killed: what it had not committed is not there.
    Files.delete(ParquetRows.files(folder.resolve("grown")).get(0));
    String run =
        new WorkFolder(new NamedPath("plan.folder", flinkPath("grown/_nightshift"))).runs().get(0);
    Path leftover = folder.resolve("grown/.part-" + run + "-0-1.parquet.inprogress.1");
    Files.writeString(leftover, "of a writer that was killed");
    Path foreign = folder.resolve("grown/.part-0-1.parquet.inprogress.1");
    Files.writeString(foreign, "of another program");
    int left = ParquetRows.read(folder.resolve("grown")).size();
    assertThat(left).isLessThan(15);
    RunReport resumed = run(job);
    assertThat(resumed.rows()).isEqualTo(15 - left);
    assertThat(resumed.stages()).hasSize(1);
    assertThat(ParquetRows.read(folder.resolve("grown")))
        .extracting(row -> row.getLong("id", 0) + text(row, "completion"))
        .containsExactlyElementsOf(
            all.stream().map(row -> row.getLong("id", 0) + text(row, "completion")).toList());
    assertThat(leftover).doesNotExist();
    assertThat(foreign).exists();

    Files.delete(first);
    ParquetRows.write(first, SCHEMA, 11, (id, row) -> ticket(50 + id, row));
    assertThatThrownBy(() -> run(job))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("first.parquet (was")
        .hasMessageContaining("--fresh");
  }

  @Test
  void tooManyBadRowsFailTheJobBeforeItsFirstAnswer() throws IOException {
    assertThatThrownBy(() -> run(job("output", "strict", "errors", "0.05")))
        .isInstanceOf(JobFailedException.class)
        .hasMessageStartingWith("5 of 60 rows have errors")
        .hasMessageContaining("errors.max-fraction")
        .hasMessageContaining("1 prompt_null (")
        .hasMessageContaining("tickets.parquet row 5: template prompt.user, line 1: body is null");
    assertThat(ParquetRows.files(folder.resolve("strict"))).isEmpty();
  }

  @Test
  void freeTextEndsAtItsGreatestLength() throws Exception {
    run(job("output", "free", "answer", "{max-tokens: 4}", "user", "Say a word about {{ id }}."));
    List<Group> free = ParquetRows.read(folder.resolve("free"));
    assertThat(free).hasSize(ROWS);
    for (Group row : free) {
      assertThat(text(row, "completion")).isNotNull();
      assertThat(text(row, "finish_reason")).isIn("stop", "length");
      assertThat(row.getInteger("output_tokens", 0)).isBetween(1, 4);
      for (String column : List.of("choice_probabilities", "reasoning", "logprobs")) {
        assertThat(row.getType().containsField(column)).isFalse();
      }
    }
  }

  /** The chat template ends prompts with {@code assistant}: a start mark for the test. */
  @Test
  void reasoningAndLogprobsAreColumns() throws Exception {
    String answer =
        "{max-tokens: 9, reasoning: column, reasoning-marks: [assistant, </think>],"
            + " reasoning-max-tokens: 2, logprobs: 3}";
    int rows = NULL_BODY + 2;
    ParquetRows.write(folder.resolve("few.parquet"), SCHEMA, rows, FlinkPipelineITCase::ticket);
    run(job("input", "few.parquet", "output", "thought", "answer", answer));

    int forced;
    try (ModelFiles model = ModelFormats.open(RealModel.smolLm2());
        Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource())) {
      forced = tokenizer.encode("</think>").length;
    }
    List<Group> thought = ParquetRows.read(folder.resolve("thought"));
    assertThat(thought).hasSize(rows);
    for (Group row : thought) {
      if (text(row, "error_code") != null) {
        assertThat(row.getFieldRepetitionCount("logprobs")).isZero();
        assertThat(row.getFieldRepetitionCount("reasoning")).isZero();
        continue;
      }
      Group logprobs = row.getGroup("logprobs", 0);
      int tokens = row.getInteger("output_tokens", 0);
      assertThat(logprobs.getFieldRepetitionCount(0)).isEqualTo(tokens);
      StringBuilder sampled = new StringBuilder();
      for (int i = 0; i < tokens; i++) {
        Group token = logprobs.getGroup(0, i).getGroup(0, 0);
        boolean wasForced = i >= 2 && i < 2 + forced;
        assertThat(token.getFieldRepetitionCount("logprob")).isEqualTo(wasForced ? 0 : 1);
        Group top = token.getGroup("top", 0);
        assertThat(top.getFieldRepetitionCount(0)).isEqualTo(wasForced ? 0 : 3);
        if (!wasForced) {
          Group best = top.getGroup(0, 0).getGroup(0, 0);
          assertThat(best.getInteger("token_id", 0)).isEqualTo(token.getInteger("token_id", 0));
          assertThat(best.getFloat("logprob", 0)).isEqualTo(token.getFloat("logprob", 0));
          sampled.append(text(token, "token"));
        }
      }
      String both = text(row, "reasoning") + text(row, "completion");
      assertThat(sampled.toString().replace("<|im_end|>", "").replaceAll("\\s", ""))
          .isEqualTo(both.replaceAll("\\s", ""));
    }
    assertThat(
            Python.run(
                folder,
                """
                rows = pq.read_table('thought', columns=['logprobs']).to_pylist()
                tokens = [t for r in rows if r['logprobs'] for t in r['logprobs'] if t['logprob']]
                assert all(t['logprob'] <= t['top'][0]['logprob'] < 0 for t in tokens)
                sql = "select count(*), min(len(u.top)) from (select unnest(logprobs) u " \
                      "from 'thought/*.parquet') where u.logprob is not null"
                assert duckdb.sql(sql).fetchall() == [(len(tokens), 3)]
                print(len(rows), pq.read_table("thought").schema.field("logprobs").type)
                """))
        .containsExactly(
            rows
                + " list<element: struct<token: string not null, token_id: int32 not null,"
                + " logprob: float, top: list<element: struct<token: string not null,"
                + " token_id: int32 not null, logprob: float not null> not null> not null>"
                + " not null>");
  }

  private static org.apache.flink.core.fs.Path flinkPath(String name) {
    return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
  }

  private static String message(int id) {
    return String.valueOf(text(answers.get(id), "error_message"));
  }

  private static @Nullable String text(Group row, String column) {
    return row.getFieldRepetitionCount(column) == 0
        ? null
        : new String(row.getBinary(column, 0).getBytes(), UTF_8);
  }

  private static Map<String, Double> probabilities(Group row) {
    Group map = row.getGroup("choice_probabilities", 0);
    Map<String, Double> probabilities = new HashMap<>();
    for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
      Group entry = map.getGroup(0, i);
      probabilities.put(entry.getString(0, 0), entry.getDouble(1, 0));
    }
    return probabilities;
  }
}
