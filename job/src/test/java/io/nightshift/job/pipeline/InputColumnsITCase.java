package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs over columns of unusual names and values, and over files that differ in theirs. */
class InputColumnsITCase {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void layDownTheModel() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Files.createDirectories(folder.resolve("input"));
  }

  @Test
  void columnsOfAnyNameComeOut() throws Exception {
    python(
        """
        names = ["a", "A", "", "a.b", "__unit_file", "__unit_row", "__file", "__row", "__unreadable",
            "unit_file", "unit_row", "tokens", "shared_tokens", "columns", "source_file", "source_row"]
        table = pa.Table.from_arrays([pa.array([i, -i]) for i in range(16)], names=names)
        pq.write_table(table, "input/a.parquet")
        """);
    run();
    assertThat(
            python(
                """
                before = pq.ParquetFile("input/a.parquet").read()
                after = pq.ParquetFile(glob.glob("answers/*.parquet")[0]).read()
                print(after.column_names[:16] == before.column_names)
                print(sorted(zip(*after.to_pydict().values()))[0][:16])
                print(after.column_names[16:])
                """))
        .containsExactly(
            "True",
            "(0, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15)",
            "['completion', 'finish_reason', 'choice_probabilities', 'prompt_tokens',"
                + " 'cached_tokens', 'output_tokens', 'error_code', 'error_message']");
  }

  @Test
  void columnsThatWouldHideOthersAreRefused() throws Exception {
    python("pq.write_table(pa.table({'a': [1], 'Completion': ['x']}), 'input/a.parquet')");
    assertThatThrownBy(this::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Completion")
        .hasMessageContaining("answer column completion")
        .hasMessageContaining("output.columns");
    python(
        """
        columns = [pa.array([1]), pa.array(["x"]), pa.array(["y"])]
        pq.write_table(pa.Table.from_arrays(columns, names=["a", "t", "t"]), "input/a.parquet")
        """);
    assertThatThrownBy(this::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("a.parquet: column t is there more than once");
    assertThatThrownBy(() -> run("output.columns=[a, a]"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("has \"a\" twice");
    run("output.columns=[a]");
  }

  @Test
  void valuesThatNoTypeAllowsAreErrorsOfTheirRows() throws Exception {
    ParquetRows.write(
        folder.resolve("input/a.parquet"),
        """
        message rows {
          required int64 id;
          required int64 a (TIME(MICROS,false));
          required int32 small (INTEGER(8,true));
          optional fixed_len_byte_array(20) wide (DECIMAL(38,0));
          required group map (MAP) {
            repeated group key_value { optional binary key (STRING); optional int32 value; }
          }
        }
        """,
        5,
        InputColumnsITCase::fillUnusual);
    run("errors.max-fraction=1");
    List<Group> rows = ParquetRows.read(folder.resolve("answers"));
    assertThat(rows).hasSize(5);
    assertThat(rows.stream().map(row -> error(row)))
        .containsExactly("none", "invalid_value", "invalid_value", "invalid_value", "none");
    assertThat(rows.get(1).getLong("a", 0)).isEqualTo(86_400_000_000L);
    assertThat(rows.get(1).getString("error_message", 0)).contains("'a'").contains("86400000000");
    assertThat(rows.get(2).getString("error_message", 0)).contains("'small'").contains("300");
    assertThat(rows.get(2).getFieldRepetitionCount("small")).isZero();
    assertThat(rows.get(3).getString("error_message", 0)).contains("'wide'");
    Group map = rows.get(4).getGroup("map", 0);
    assertThat(map.getFieldRepetitionCount("key_value")).isEqualTo(2);
    assertThat(map.getGroup("key_value", 0).getFieldRepetitionCount("key")).isZero();
    assertThat(map.getGroup("key_value", 0).getInteger("value", 0)).isEqualTo(1);
    assertThat(map.getGroup("key_value", 1).getString("key", 0)).isEqualTo("k");
  }

  private static void fillUnusual(int id, Group row) {
    long day = 86_400_000_000L;
    row.append("id", (long) id).append("a", id == 1 ? day : id).append("small", id == 2 ? 300 : id);
    if (id == 3) {
      byte[] wide = new byte[20];
      Arrays.fill(wide, (byte) 0x7f);
      row.append("wide", org.apache.parquet.io.api.Binary.fromConstantByteArray(wide));
    }
    Group map = row.addGroup("map");
    if (id == 4) {
      map.addGroup("key_value").append("value", 1);
      map.addGroup("key_value").append("key", "k");
    }
  }

  private static String error(Group row) {
    return row.getFieldRepetitionCount("error_code") == 0 ? "none" : row.getString("error_code", 0);
  }

  @Test
  void filesThatDifferInNullabilityAndWidthAreAnsweredIntoTheSameSchema() throws Exception {
    python("duckdb.sql(\"copy (select 1::bigint a, 'x' t, 1.5::double f) to 'input/b.parquet'\")");
    run("output.auto-compaction=false");
    python(
        """
        pq.write_table(pa.table({"t": ["y", None], "a": pa.array([2, None], pa.int16()),
            "f": pa.array([2.5, None], pa.float32())}), "input/a.parquet")
        pq.write_table(pa.table({"a": [3], "t": pa.nulls(1), "f": pa.nulls(1)}), "input/c.parquet")
        """);
    run("errors.max-fraction=1", "output.auto-compaction=false");
    assertThat(
            python(
                """
                tables = [pq.ParquetFile(file).read() for file in glob.glob("answers/*.parquet")]
                both = pa.concat_tables(tables)
                print(len(tables) > 1, sorted(zip(both["a"].to_pylist(), both["t"].to_pylist(),
                    both["f"].to_pylist()), key=str))
                """))
        .containsExactly(
            "True [(1, 'x', 1.5), (2, 'y', 2.5), (3, None, None), (None, None, None)]");
  }

  @Test
  void aWiderColumnIsWidenedInTheFilesOfLaterRuns() throws Exception {
    python(
        """
        os.makedirs("input/day=1")
        pq.write_table(pa.table({"a": pa.array([1, 2], pa.int32())}), "input/day=1/a.parquet")
        """);
    run();
    python(
        """
        os.makedirs("input/day=x")
        pq.write_table(pa.table({"a": [2**40]}), "input/day=x/a.parquet")
        """);
    run();
    String expected = "[(1, '1'), (2, '1'), (1099511627776, 'x')]";
    assertThat(
            python(
                """
                duck = duckdb.sql("from read_parquet('answers/*.parquet', union_by_name = true)")
                print(sorted(duck.project("a, day").fetchall()))
                schema = pa.schema([("a", pa.int64()), ("day", pa.string())])
                rows = ds.dataset(glob.glob("answers/*.parquet"), schema=schema).to_table()
                print(sorted(zip(rows["a"].to_pylist(), rows["day"].to_pylist())))
                """))
        .containsExactly(expected, expected);
  }

  @Test
  void filesWithoutACommonTypeAreNotMerged() throws Exception {
    for (String day : List.of("1", "2", "x", "y")) {
      python("os.makedirs('input/day=%s')".formatted(day));
      python("pq.write_table(pa.table({'a': [7]}), 'input/day=%s/a.parquet')".formatted(day));
      run("output.auto-compaction=" + day.equals("y"));
    }
    assertThat(
            python(
                """
                tables = [pq.ParquetFile(file).read() for file in glob.glob("answers/*.parquet")]
                print(sorted(sorted(table["day"].to_pylist()) for table in tables if table["day"].type == "int64"))
                print(sorted(sorted(table["day"].to_pylist()) for table in tables if table["day"].type == "string"))
                """))
        .containsExactly("[[1, 2]]", "[['x', 'y']]");
  }

  @Test
  void rowsPlannedBeforeAColumnWasWidenedAreAnswered() throws Exception {
    python(
        """
        os.makedirs("input/day=7")
        pq.write_table(pa.table({"a": pa.array([1, None], pa.int8()), "n": pa.nulls(2),
            "s": [{"f": 1.5}, None]}, schema=pa.schema([("a", pa.int8()), ("n", pa.null()),
            ("s", pa.struct([("f", pa.float32())]))])), "input/day=7/a.parquet")
        """);
    run("errors.max-fraction=1");
    for (Path file : ParquetRows.files(folder.resolve("answers"))) {
      Files.delete(file);
    }
    python(
        """
        os.makedirs("input/day=z")
        pq.write_table(pa.table({"a": [3], "n": ["text"], "s": [{"f": 2.5}]}), "input/day=z/a.parquet")
        """);
    run("errors.max-fraction=1");
    assertThat(
            python(
                """
                both = pa.concat_tables(
                    [pq.ParquetFile(file).read() for file in glob.glob("answers/*.parquet")])
                print(*[field.type for field in both.schema][:4])
                for row in sorted(both.select(["a", "n", "s", "day"]).to_pylist(), key=str):
                    print(list(row.values()))
                """))
        .containsExactly(
            "int64 string struct<f: double> string",
            "[1, None, {'f': 1.5}, '7']",
            "[3, 'text', {'f': 2.5}, 'z']",
            "[None, None, None, '7']");
  }

  @Test
  void aColumnOfAnotherKindIsNamedWithBothTypes() throws Exception {
    python("pq.write_table(pa.table({'a': [1], 't': ['x']}), 'input/a.parquet')");
    run();
    Files.delete(folder.resolve("input/a.parquet"));
    python("pq.write_table(pa.table({'a': [1], 't': [7]}), 'input/b.parquet')");
    assertThatThrownBy(this::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("column t")
        .hasMessageContaining("Int(64, true)")
        .hasMessageContaining("Utf8")
        .hasMessageContaining("--fresh");
  }

  @Test
  void aDamagedPageIsFoundByFileAndColumnBeforeAnythingIsAnswered() throws Exception {
    python(
        """
        import random
        for name in "abc":
            texts = [str(j * 7919 % 2000) for j in range(2000)]
            pq.write_table(pa.table({"a": range(2000), "t": texts}), f"input/{name}.parquet")
        damaged = bytearray(open("input/b.parquet", "rb").read())
        damaged[300:500] = random.Random(1).randbytes(200)
        open("input/b.parquet", "wb").write(damaged)
        """);
    assertThatThrownBy(this::run)
        .hasStackTraceContaining("input/b.parquet: column a cannot be read at")
        .hasStackTraceContaining("write it again or take it out of the input");
    assertThat(ParquetRows.files(folder.resolve("answers"))).isEmpty();
  }

  private List<String> python(String statements) throws IOException, InterruptedException {
    return Python.run(folder, statements);
  }

  private void run(String... overrides) throws Exception {
    String job =
        """
        input: {path: %1$s/input}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "row {{ a }}"}
        answer: {choices: [yes, no]}
        output: {path: %1$s/answers}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(folder);
    new EmbeddedRuns().run(job, overrides);
  }
}
