package io.nightshift.job.report.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.Comparison.ChangedRow;
import io.nightshift.job.report.comparison.OutputComparison.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.parquet.example.data.Group;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons of random outputs, with what a look at each pair of rows says. */
class OutputComparisonTest {
  private static final String CHOICES =
      """
      message answers {
        optional binary completion (STRING);
        optional binary error_code (STRING);
        required binary source_file (STRING);
        required int64 source_row;
        optional group choice_probabilities (MAP) {
          repeated group key_value { required binary key (STRING); optional double value; }
        }
      }
      """;

  private static final String TEXTS =
      """
      message answers {
        optional binary completion (STRING);
        optional binary error_code (STRING);
        required binary source_file (STRING);
        required int64 source_row;
      }
      """;

  private static final List<String> LABELS = List.of("billing", "outage", "other");

  private record Row(String file, long row, String answer) {}

  @TempDir private Path folder = Path.of("");
  private final Random random = new Random();

  @Test
  void choicesAgreeAsEachPairOfRowsDoes() throws IOException {
    List<Row> first = rows(300, () -> LABELS.get(random.nextInt(3)));
    List<Row> second = changed(first);
    second.add(new Row("s3://b/new.parquet", 0, "other"));
    first.add(new Row("s3://b/a.parquet", 400, "error prompt_empty"));

    for (int windowRows : new int[] {50, 128, 1 << 20}) {
      Comparison comparison =
          OutputComparison.of(
              side("first" + windowRows, CHOICES, first),
              side("second" + windowRows, CHOICES, second),
              null,
              windowRows);

      assertThat(comparison.rowsInBoth()).isEqualTo(300);
      assertThat(comparison.onlyFirst()).isEqualTo(1);
      assertThat(comparison.onlySecond()).isEqualTo(1);
      Map<List<Object>, String> before = new HashMap<>();
      first.forEach(row -> before.put(List.of(row.file(), row.row()), row.answer()));
      long[][] matrix = new long[comparison.labels().size()][comparison.labels().size()];
      List<ChangedRow> changed = new ArrayList<>();
      for (Row row : second) {
        String answer = before.get(List.of(row.file(), row.row()));
        if (answer != null) {
          matrix[comparison.labels().indexOf(answer)][comparison.labels().indexOf(row.answer())]++;
          if (!answer.equals(row.answer())) {
            changed.add(new ChangedRow(row.file(), row.row(), answer, row.answer()));
          }
        }
      }
      assertThat(comparison.labels()).containsExactlyInAnyOrderElementsOf(LABELS);
      assertThat(comparison.matrix()).isDeepEqualTo(matrix);
      assertThat(comparison.changed()).isEqualTo(changed.size());
      assertThat(comparison.agreement()).isEqualTo(1 - changed.size() / 300.0);
      assertThat(changed).containsAll(comparison.examples());
      assertThat(comparison.examples()).hasSize(Math.min(20, changed.size()));
    }
  }

  @Test
  void textsHaveNoMatrix() throws IOException {
    List<Row> first = rows(50, () -> "answer " + random.nextLong());
    Comparison same =
        OutputComparison.of(side("one", TEXTS, first), side("same", TEXTS, first), null, 1000);
    assertThat(same.agreement()).isEqualTo(1);
    assertThat(same.labels()).isEmpty();
    assertThat(same.examples()).isEmpty();

    List<Row> second = new ArrayList<>(first);
    Row old = second.get(20);
    second.set(20, new Row(old.file(), old.row(), "error prompt_too_long"));
    Comparison other =
        OutputComparison.of(side("two", TEXTS, first), side("other", TEXTS, second), null, 1000);
    assertThat(other.examples())
        .containsExactly(
            new ChangedRow(old.file(), old.row(), old.answer(), "error prompt_too_long"));
  }

  @Test
  void manyLabelsShareOne() throws IOException {
    List<Row> first = rows(400, () -> "label " + random.nextInt(60));
    List<Row> second = changed(first);
    Comparison comparison =
        OutputComparison.of(side("a", CHOICES, first), side("b", CHOICES, second), null, 128);
    assertThat(comparison.labels()).hasSize(21).endsWith(Comparison.OTHER);
    long rows = 0;
    for (long[] line : comparison.matrix()) {
      for (long cell : line) {
        rows += cell;
      }
    }
    assertThat(rows).isEqualTo(400);
  }

  /** The same ids are numbers in one output and texts in the other. */
  @Test
  void rowsAreComparedByAColumn() throws IOException {
    List<Keyed> first = new ArrayList<>();
    List<Keyed> second = new ArrayList<>();
    List<ChangedRow> changed = new ArrayList<>();
    for (int id = 0; id < 500; id++) {
      String before = LABELS.get(random.nextInt(3));
      String after = LABELS.get(random.nextInt(3));
      first.add(new Keyed(id, before));
      if (id % 5 > 0) {
        second.add(new Keyed(id, after));
        if (!before.equals(after)) {
          changed.add(new ChangedRow(String.valueOf(id), 0, before, after));
        }
      }
    }
    first.add(new Keyed(null, "other"));
    second.add(new Keyed(null, "other"));
    Collections.shuffle(first, random);
    Collections.shuffle(second, random);
    for (int windowRows : new int[] {64, 1 << 20}) {
      Comparison comparison =
          OutputComparison.of(
              numbered("numbers" + windowRows, first),
              named("texts" + windowRows, second),
              "id",
              windowRows);
      assertThat(comparison.key()).isEqualTo("id");
      assertThat(comparison.rowsInBoth()).isEqualTo(400);
      assertThat(comparison.onlyFirst()).isEqualTo(101);
      assertThat(comparison.onlySecond()).isEqualTo(1);
      assertThat(comparison.changed()).isEqualTo(changed.size());
      assertThat(changed).containsAll(comparison.examples());
    }
  }

  @Test
  void columnsThatDoNotIdentifyRowsAreRefused() throws IOException {
    Side unique = numbered("unique", List.of(new Keyed(1, "x"), new Keyed(2, "x")));
    Side repeated = numbered("repeated", List.of(new Keyed(1, "x"), new Keyed(1, "y")));
    for (Side[] sides : new Side[][] {{unique, repeated}, {repeated, unique}}) {
      assertThatThrownBy(() -> OutputComparison.of(sides[0], sides[1], "id"))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("several rows of repeated have 1 in column id");
    }
    assertThatThrownBy(() -> OutputComparison.of(unique, unique, "name"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("unique has no column name for --key")
        .hasMessageContaining("id, completion, error_code");
    Side rows = written("map", CHOICES, List.of(), (group, row) -> {});
    assertThatThrownBy(() -> OutputComparison.of(rows, rows, "choice_probabilities"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("column choice_probabilities of map is of type Map");
  }

  private record Keyed(@Nullable Integer id, String answer) {}

  private Side numbered(String name, List<Keyed> rows) throws IOException {
    return keyed(name, "int32", rows, (group, id) -> group.append("id", id));
  }

  private Side named(String name, List<Keyed> rows) throws IOException {
    return keyed(
        name, "binary", rows, (group, id) -> group.append("id", String.valueOf(id.intValue())));
  }

  private Side keyed(String name, String type, List<Keyed> rows, BiConsumer<Group, Integer> key)
      throws IOException {
    String column = type.equals("binary") ? "binary id (STRING)" : type + " id";
    String schema =
        "message answers { optional %s; optional binary completion (STRING); optional binary error_code (STRING); }"
            .formatted(column);
    return written(
        name,
        schema,
        rows,
        (group, row) -> {
          if (row.id() != null) {
            key.accept(group, row.id());
          }
          group.append("completion", row.answer());
        });
  }

  @Test
  void outputsThatCannotBeComparedAreRefused() throws IOException {
    Side good = side("good", TEXTS, rows(3, () -> "x"));
    Side elsewhere = side("elsewhere", TEXTS, List.of(new Row("hdfs://other", 5, "x")));
    assertThatThrownBy(() -> OutputComparison.of(good, elsewhere, null))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("good and elsewhere have no rows in common")
        .hasMessageContaining("--key");

    String without = "message answers { optional binary completion (STRING); }";
    Side bare = written("bare", without, List.of("x"), (row, answer) -> {});
    assertThatThrownBy(() -> OutputComparison.of(good, bare, null))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("bare has no column source_file")
        .hasMessageContaining("output.source-columns");

    assertThatThrownBy(() -> OutputComparison.of(good, new Side("nothing", List.of()), null))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("nothing has no answers yet");
  }

  private List<Row> rows(int count, Supplier<String> answer) {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      rows.add(
          new Row(
              row % 3 == 0 ? "s3://b/a.parquet" : "s3://b/c.parquet",
              row / 3 * 2L + row % 3,
              answer.get()));
    }
    return rows;
  }

  /** The same rows in another order, a fifth of them with the answer of another row. */
  private List<Row> changed(List<Row> rows) {
    List<Row> changed = new ArrayList<>();
    for (Row row : rows) {
      String answer =
          random.nextInt(5) == 0 ? rows.get(random.nextInt(rows.size())).answer() : row.answer();
      changed.add(new Row(row.file(), row.row(), answer));
    }
    Collections.shuffle(changed, random);
    return changed;
  }

  private Side side(String name, String schema, List<Row> rows) throws IOException {
    return written(
        name,
        schema,
        rows,
        (group, row) -> {
          if (row.answer().startsWith("error ")) {
            group.append("error_code", row.answer().substring(6));
          } else {
            group.append("completion", row.answer());
          }
          group.append("source_file", row.file()).append("source_row", row.row());
        });
  }

  private <T> Side written(String name, String schema, List<T> rows, BiConsumer<Group, T> fill)
      throws IOException {
    Path output = Files.createDirectories(folder.resolve(name));
    int half = rows.size() / 2;
    ParquetRows.write(
        output.resolve("part-0.parquet"), schema, half, (i, row) -> fill.accept(row, rows.get(i)));
    ParquetRows.write(
        output.resolve("part-1.parquet"),
        schema,
        rows.size() - half,
        (i, row) -> fill.accept(row, rows.get(half + i)));
    return new Side(
        name, OutputFiles.list(List.of(new org.apache.flink.core.fs.Path(output.toUri()))));
  }
}
