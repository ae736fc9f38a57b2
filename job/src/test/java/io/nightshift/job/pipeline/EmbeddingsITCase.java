package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.TokenCounts;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.RealModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose answers are embeddings, with the small real model. */
class EmbeddingsITCase {
  /** Pairs that mean the same, one after the other, and a text that is too long. */
  private static final List<String> TEXTS =
      List.of(
          "The parcel arrived two days late and the box was damaged.",
          "The parcel arrived three days late and the box was damaged.",
          "How do I reset my password?",
          "How can I reset my password?",
          "Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.",
          "Photosynthesis turns light, carbon dioxide and water into oxygen and sugar.");

  private static final int TOO_LONG = 2000;

  private static final String READERS =
      """
      import math
      dimensions, unit, half = %s, %s, %s
      element = pa.float16() if half else pa.float32()
      table = ds.dataset('vectors', format='parquet', exclude_invalid_files=True).to_table()
      assert table.column_names == ['id', 'embedding', 'finish_reason', 'prompt_tokens',
                                    'cached_tokens', 'error_code', 'error_message'], table.column_names
      kind = table.schema.field('embedding').type
      assert kind.list_size == dimensions and kind.value_type == element, kind
      rows = sorted((row['id'], row) for row in table.to_pylist())
      failed = [row for _, row in rows if row['error_code']]
      assert [row['error_code'] for row in failed] == ['prompt_too_long'], failed
      assert failed[0]['embedding'] is None and failed[0]['finish_reason'] == 'error'
      vectors = [[float(x) for x in row['embedding']] for _, row in rows if not row['error_code']]
      files = [file for file in glob.glob('vectors/*.parquet')]
      query = f"select id, embedding from read_parquet({files}) where error_code is null order by id"
      again = duckdb.sql(query).fetchall()
      assert [[float(x) for x in vector] for _, vector in again] == vectors
      norms = [math.sqrt(sum(x * x for x in vector)) for vector in vectors]
      assert all(abs(norm - 1) < (1e-2 if half else 1e-5) for norm in norms) == unit, norms
      def cosine(a, b):
        return sum(x * y for x, y in zip(vectors[a], vectors[b])) / norms[a] / norms[b]
      for a in range(len(vectors)):
        twin = cosine(a, a ^ 1)
        others = [cosine(a, b) for b in range(len(vectors)) if b // 2 != a // 2]
        assert twin > max(others), (a, twin, others)
      print(len(vectors))
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeTexts() throws Exception {
    List<String> texts = new ArrayList<>(TEXTS);
    texts.add("word ".repeat(TOO_LONG));
    ParquetRows.write(
        folder.resolve("texts.parquet"),
        "message texts { required int64 id; required binary body (STRING); }",
        texts.size(),
        (id, row) -> row.append("id", (long) id).append("body", texts.get((int) id)));
  }

  private String job(String embedding, String order) {
    return """
        input: {path: %1$s/texts.parquet}
        model: {path: %2$s, device: cpu, dtype: f32}
        prompt: {text: "Represent this text: {{ body }}"}
        answer: {embedding: {%3$s}}
        output: {path: %1$s/vectors, columns: [id], order: %4$s}
        errors: {max-rows: 1, max-fraction: 1}
        engine: {kv-cache-memory: 64m}
        """
        .formatted(folder, RealModel.smolLm2(), embedding, order);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pooling: mean|576|True|False|any",
        "pooling: mean, dimensions: 128, type: float16|128|True|True|input",
        "pooling: last, normalize: false|576|False|False|input",
        "pooling: last, dimensions: 64|64|True|False|any"
      })
  void likeTextsHaveLikeEmbeddings(
      String embedding, int dimensions, String unit, String half, String order) throws Exception {
    new EmbeddedRuns().run(job(embedding, order));
    assertThat(Python.run(folder, READERS.formatted(dimensions, unit, half)))
        .containsExactly("" + TEXTS.size());
  }

  @Test
  void aPlanSaysWhatIsComputed() throws Exception {
    String plan =
        new EmbeddedRuns().plan(job("pooling: mean, dimensions: 100, type: float16", "any")).text();
    assertThat(plan)
        .contains(
            "answer      embedding of 100 float16 elements: mean of the hidden states of all tokens,"
                + " normalized");
    assertThat(plan).doesNotContain("output tokens");
  }

  /**
   * With the mean of all tokens, rows share nothing but whole answers, in any range of the order.
   */
  @Test
  void aPlanExpectsWhatARunComputes() throws Exception {
    String[] bodies = {"sun", "sunset", "sun", "moon", "sun", "moon", "sunset", "sun"};
    ParquetRows.write(
        folder.resolve("twins.parquet"),
        "message texts { required int64 id; required binary body (STRING); }",
        bodies.length,
        (id, row) -> row.append("id", (long) id).append("body", bodies[(int) id]));
    String job = job("pooling: mean", "any").replace("texts.parquet", "twins.parquet");

    PlanReport plan = new EmbeddedRuns().plan(job);
    TokenCounts tokens = new EmbeddedRuns().run(job).tokens();

    assertThat(plan.prompts().duplicateRows()).isEqualTo(5);
    assertThat(plan.prompts().tokens()).isEqualTo(tokens.prompt());
    assertThat(plan.prompts().computedTokens()).isEqualTo(tokens.prompt() - tokens.cached());
    assertThat(plan.prompts().prefixes()).isEmpty();
  }

  @Test
  void moreDimensionsThanTheModelHasAreRefused() {
    assertThatThrownBy(() -> new EmbeddedRuns().plan(job("pooling: last, dimensions: 577", "any")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("answer.embedding.dimensions is 577")
        .hasMessageContaining("have 576 elements");
  }

  /** As models for embeddings are saved. */
  @Test
  void aModelWithoutOutputProjectionMakesEmbeddingsOnly() throws Exception {
    Path model = folder.resolve("base");
    ModelFolder.copyOf("tiny-qwen3", model).toBaseModel();
    String embedding =
        job("pooling: last", "any").replace(RealModel.smolLm2().toString(), "" + model);
    String text = embedding.replace("embedding: {pooling: last}", "max-tokens: 3");
    assertThatThrownBy(() -> new EmbeddedRuns().run(text))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("has no output projection")
        .hasMessageContaining("answer.embedding.pooling");
    new EmbeddedRuns().run(embedding.replace("max-rows: 1", "max-rows: 7"));
    assertThat(ParquetRows.read(folder.resolve("vectors"))).hasSize(TEXTS.size() + 1);
  }
}
