package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows that cannot be answered among many that can, in a process with a heap of 1 GB: each comes
 * out once, with the code of what is wrong with it, and the job ends well. Long form, with a
 * million rows: {@code -Dnightshift.long=true}.
 */
class BadRowsITCase {
  private static final int ROWS = Boolean.getBoolean("nightshift.long") ? 1_000_000 : 20_000;
  private static final String SCHEMA =
      """
      message notes {
        required int64 id;
        optional binary subject (STRING);
        optional binary body (STRING);
        required int32 parts;
      }
      """;

  /** One row of each kind in so many. */
  private static final int EVERY = 2_000;

  private static final int HUGE_ROWS = 6;
  private static final int HUGE = 10_000_000;
  private static final byte[] BROKEN_UTF8 = {'a', (byte) 0xC3, (byte) 0x28};
  private static final byte[] LONE_SURROGATE = {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'b'};
  private static final String MARKED = "a note<|end|> <|begin|>with marks";

  /** What is wrong with a row. */
  private enum Kind {
    NULL("prompt_null"),
    EMPTY("prompt_empty"),
    BLANK("prompt_empty"),
    TOO_LONG("prompt_too_long"),
    BROKEN("invalid_utf8"),
    SURROGATE("invalid_utf8"),
    TEMPLATE("template_error"),
    HUGE_WORDS("prompt_too_long"),
    HUGE_WORD("prompt_too_long"),
    CONTROL_TOKENS("none"),
    BOMB("template_error"),
    GOOD("none");

    final String code;

    Kind(String code) {
      this.code = code;
    }

    static Kind of(int id) {
      int index = id % EVERY - 7;
      Kind kind = index >= 0 && index < values().length ? values()[index] : GOOD;
      boolean huge = kind == HUGE_WORDS || kind == HUGE_WORD;
      return huge && id >= EVERY * HUGE_ROWS / 2 ? GOOD : kind;
    }
  }

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeJob() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Path config = folder.resolve("model/tokenizer_config.json");
    Files.writeString(
        config, Files.readString(config).replaceFirst("\\{", "{\"add_bos_token\": true,"));
    ParquetRows.write(folder.resolve("notes.parquet"), SCHEMA, ROWS, BadRowsITCase::fill);
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt:
          text: "{%% if subject is none %%}(none) {%% endif %%}{{ body }}{{ '' if 1 // parts }}\
        {{ 'x' * (parts // 9 * 90000000) }}"
        answer: {choices: [a, b]}
        output: {path: %1$s/good, columns: [id, body]}
        errors: {path: %1$s/bad}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(folder));
  }

  private static void fill(int id, Group row) {
    Kind kind = Kind.of(id);
    row.append("id", (long) id);
    if (id % 3 != 0) {
      row.append("subject", "subject " + id);
    }
    switch (kind) {
      case NULL -> {}
      case EMPTY -> row.append("body", "");
      case BLANK -> row.append("body", " \n\t ");
      case TOO_LONG -> row.append("body", "a long note ".repeat(300));
      case BROKEN -> row.append("body", Binary.fromConstantByteArray(BROKEN_UTF8));
      case SURROGATE -> row.append("body", Binary.fromConstantByteArray(LONE_SURROGATE));
      case HUGE_WORDS -> row.append("body", "words ".repeat(HUGE / 6));
      case HUGE_WORD -> row.append("body", "x".repeat(HUGE));
      case CONTROL_TOKENS -> row.append("body", MARKED);
      default -> row.append("body", "note " + id % 997);
    }
    row.append("parts", kind == Kind.TEMPLATE ? 0 : kind == Kind.BOMB ? 9 : 1);
    if (kind == Kind.EMPTY || kind == Kind.BLANK) {
      // Without it, the row's prompt says at least "(none)".
      if (id % 3 == 0) {
        row.append("subject", "subject " + id);
      }
    }
  }

  @Test
  void eachBadRowComesOutOnceWithItsCodeAndNoneFailsTheJob() throws Exception {
    Process run = run();
    assertThat(run.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();

    BitSet seen = new BitSet();
    int markedTokens = 1 + tokensOf(MARKED); // the beginning-of-sequence token before them
    ParquetRows.forEach(
        folder.resolve("good"),
        row -> {
          int id = (int) row.getLong("id", 0);
          assertThat(seen.get(id)).as("row %s twice", id).isFalse();
          seen.set(id);
          assertThat(Kind.of(id).code).isEqualTo("none");
          assertThat(row.getString("completion", 0)).isIn("a", "b");
          if (Kind.of(id) == Kind.CONTROL_TOKENS && id % 3 != 0) {
            assertThat(row.getInteger("prompt_tokens", 0)).isEqualTo(markedTokens);
          }
        });
    ParquetRows.forEach(
        folder.resolve("bad"),
        row -> {
          int id = (int) row.getLong("id", 0);
          assertThat(seen.get(id)).as("row %s twice", id).isFalse();
          seen.set(id);
          assertThat(row.getString("error_code", 0)).isEqualTo(Kind.of(id).code);
          assertThat(row.getString("error_message", 0)).isNotBlank().hasSizeLessThan(300);
          if (Kind.of(id) == Kind.HUGE_WORD) {
            assertThat(row.getBinary("body", 0).length()).isEqualTo(HUGE);
          }
        });
    assertThat(seen.cardinality()).isEqualTo(ROWS);

    Map<String, Long> expected = new TreeMap<>();
    LongStream.range(0, ROWS)
        .mapToObj(id -> Kind.of((int) id).code)
        .filter(code -> !code.equals("none"))
        .forEach(code -> expected.merge(code, 1L, Long::sum));
    String report = Files.readString(folder.resolve("out"));
    expected.forEach(
        (code, rows) ->
            assertThat(report)
                .containsPattern(String.format(Locale.ROOT, "%,d rows? with %s", rows, code)));

    Process strict = run("errors.max-rows=" + expected.get("prompt_null"));
    assertThat(strict.exitValue()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("err")))
        .contains("rows have errors, more than errors.max-fraction or errors.max-rows allow")
        .contains(expected.get("prompt_null") + " prompt_null (")
        .contains("notes.parquet row 7: template prompt.text, line 1: body is null")
        .contains("notes.parquet row 13: template prompt.text")
        .contains("invalid_utf8 (");
  }

  private int tokensOf(String text) {
    try (ModelFiles model = ModelFormats.open(folder.resolve("model"));
        Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource())) {
      return tokenizer.encode(text).length;
    }
  }

  private Process run(String... overrides) throws Exception {
    Process process = NightshiftProcess.start(folder, "run", overrides);
    assertThat(process.waitFor(20, TimeUnit.MINUTES)).as("ended").isTrue();
    return process;
  }
}
