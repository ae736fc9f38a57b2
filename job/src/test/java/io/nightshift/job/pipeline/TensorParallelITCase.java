package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.runtime.model.RealModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs whose engine's ranks share the small real model, which has 9 heads, 3 for keys and values.
 */
class TensorParallelITCase {
  private static final List<String> THINGS =
      List.of("apple", "hammer", "river", "violin", "bread", "engine", "cloud", "shirt");

  /** Of probabilities, whose sums are made in another order. */
  private static final double ROUNDING = 1e-4;

  @TempDir private Path folder;

  @BeforeEach
  void writeThings() throws IOException {
    ParquetRows.write(
        folder.resolve("things.parquet"),
        "message things { required int64 id; required binary body (STRING); }",
        THINGS.size(),
        (id, row) -> row.append("id", (long) id).append("body", THINGS.get((int) id)));
  }

  private String job(String answer, String output) {
    return """
        input: {path: %1$s/things.parquet}
        model: {path: %2$s, device: cpu, dtype: f32}
        prompt: {user: "What is this good for: {{ body }}?"}
        answer: {%3$s}
        output: {path: %1$s/%4$s, columns: [id]}
        engine: {kv-cache-memory: 96m, threads: 3}
        """
        .formatted(folder, RealModel.smolLm2(), answer, output);
  }

  private List<Group> run(String answer, int ranks) throws Exception {
    String output = "ranks-" + ranks;
    new EmbeddedRuns().run(job(answer, output), "engine.tensor-parallel=" + ranks);
    List<Group> rows = ParquetRows.read(folder.resolve(output));
    rows.sort(Comparator.comparing(row -> row.getLong("id", 0)));
    return rows;
  }

  @Test
  void ranksWriteTheTextsOfOneEngine() throws Exception {
    List<String> alone = texts(run("max-tokens: 12", 1));
    List<String> together = texts(run("max-tokens: 12", 3));

    assertThat(alone).hasSize(THINGS.size()).doesNotHaveDuplicates();
    assertThat(together).isEqualTo(alone);
  }

  private static List<String> texts(List<Group> rows) {
    return rows.stream().map(row -> row.getString("completion", 0)).toList();
  }

  @Test
  void ranksGiveChoicesTheProbabilitiesOfOneEngine() throws Exception {
    String choices = "choices: [food, tools, music]";
    List<Group> alone = run(choices, 1);
    List<Group> together = run(choices, 3);

    assertThat(texts(together)).isEqualTo(texts(alone));
    for (int row = 0; row < THINGS.size(); row++) {
      assertThat(probabilities(together.get(row)))
          .containsExactly(probabilities(alone.get(row)), within(ROUNDING));
    }
  }

  private static double[] probabilities(Group row) {
    Group map = row.getGroup("choice_probabilities", 0);
    return IntStream.range(0, map.getFieldRepetitionCount(0))
        .mapToDouble(entry -> map.getGroup(0, entry).getDouble(1, 0))
        .toArray();
  }

  @Test
  void aNumberThatDoesNotDivideTheModelIsRefusedByName() {
    assertThatThrownBy(() -> run("max-tokens: 12", 2))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("engine.tensor-parallel is 2: The model's 9 attention heads cannot")
        .hasMessageEndingWith("1 or 3");
    assertThat(folder.resolve("ranks-2")).doesNotExist();
  }

  @Test
  void answersOfAnotherNumberOfRanksAreAnotherJobs() throws Exception {
    String job = job("choices: [food, tools]", "answers");
    new EmbeddedRuns().run(job);

    assertThatThrownBy(() -> new EmbeddedRuns().run(job, "engine.tensor-parallel=3"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("with another engine.tensor-parallel (1 there, 3 here)");
  }
}
