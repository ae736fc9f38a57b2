package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelResources;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job whose rows have a hundred thousand tokens, with a tiny model that finds a needle in them
 * ({@code long_context_models.py}); each character is a token.
 */
class LongRowsITCase {
  private static final int TOKENS = 100_000;

  /** Positions of the model. */
  private static final int CONTEXT = 131_072;

  @TempDir private Path folder;

  private record Row(String document, String question) {}

  @Test
  void longRowsAreAnsweredAndLongerOnesSayTheLimit() throws Exception {
    String document = document(TOKENS - 1);
    List<Row> rows =
        List.of(
            new Row(document, "A"),
            new Row("." + document("a short row", "QRST", 3), "Q"),
            new Row(document, "E"),
            new Row(document(CONTEXT), "A"));
    ParquetRows.write(
        folder.resolve("documents.parquet"),
        """
        message documents {
          required int64 id;
          required binary document (STRING);
          required binary question (STRING);
        }
        """,
        rows.size(),
        (id, row) ->
            row.append("id", (long) id)
                .append("document", rows.get(id).document())
                .append("question", rows.get(id).question()));
    String job =
        """
        input: {path: %1$s/documents.parquet}
        model: {path: %2$s, device: cpu, dtype: f32}
        prompt: {text: '{{ document }}{{ question }}'}
        answer: {max-tokens: 3}
        output: {path: %1$s/answers, order: input, columns: [id]}
        errors: {max-fraction: 0.5}
        engine: {kv-cache-memory: 64m}
        """
            .formatted(folder, ModelResources.tiny("long-needle-llama3"));

    new EmbeddedRuns().run(job);

    List<Group> answers = ParquetRows.read(folder.resolve("answers"));
    assertThat(answers).hasSize(rows.size());
    assertThat(answers.get(0).getString("completion", 0)).isEqualTo("BCD");
    assertThat(answers.get(0).getInteger("prompt_tokens", 0)).isEqualTo(TOKENS);
    assertThat(answers.get(1).getString("completion", 0)).isEqualTo("RST");
    assertThat(answers.get(2).getString("completion", 0)).isEqualTo("FGH");
    int cached =
        answers.get(0).getInteger("cached_tokens", 0)
            + answers.get(2).getInteger("cached_tokens", 0);
    assertThat(cached).isGreaterThan(TOKENS - 32);
    assertThat(answers.get(3).getString("error_code", 0)).isEqualTo("prompt_too_long");
    assertThat(answers.get(3).getString("error_message", 0)).contains("131071");
  }

  /** Random letters with two needles, near the beginning and past the middle. */
  private static String document(int length) {
    Random random = new Random(length);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(random.nextInt(6) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
    }
    return document(document(text.toString(), "ABCD", 10), "EFGH", length * 2 / 3);
  }

  private static String document(String text, String needle, int at) {
    return text.substring(0, at) + needle + text.substring(at + needle.length());
  }
}
