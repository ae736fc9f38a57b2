package io.nightshift.connectors.parquet.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.CanonicalJson;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.PythonReaders;
import io.nightshift.connectors.parquet.decode.BatchReader;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns whose names collide, and columns that differ from file to file, as others write them. */
class ParquetColumnsTest {
  @TempDir private Path folder;

  @Test
  void aDoubledColumnIsRefusedWhereItIsSelected() throws Exception {
    write(
        """
        columns = [pa.array([1]), pa.array(["first"]), pa.array(["second"])]
        pq.write_table(pa.Table.from_arrays(columns, names=["id", "text", "text"]), "a.parquet")
        """);
    assertThatThrownBy(() -> inspect().select())
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("a.parquet: column text is there more than once")
        .hasMessageContaining("output.columns");
    assertThatThrownBy(() -> inspect().select(List.of("text")))
        .hasMessageContaining("column text is there more than once");
    assertThat(rows("id")).containsExactly("[1]");
  }

  @Test
  void doubledFieldsWithinAColumnAreRefusedWhereItIsSelected() throws Exception {
    write(
        """
        struct = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"])
        lists = pa.ListArray.from_arrays([0, 1], struct)
        pq.write_table(pa.table({"id": [1], "s": struct, "l": lists}), "a.parquet")
        """);
    assertThatThrownBy(() -> inspect().select(List.of("s")))
        .hasMessageContaining("a.parquet: column s has two fields called 'x'");
    assertThatThrownBy(() -> inspect().select(List.of("l")))
        .hasMessageContaining("a.parquet: column l has two fields called 'x'");
    assertThat(rows("id")).containsExactly("[1]");
  }

  @Test
  void namesMayDifferInCaseBeEmptyOrHaveDots() throws Exception {
    write(
        """
        names = ["a", "A", "", " ", "a.b", "__file", "__row", "__unreadable", "ä"]
        table = pa.Table.from_arrays([pa.array([n]) for n in range(9)], names=names)
        pq.write_table(table, "a.parquet")
        """);
    InputColumns columns = inspect().select();
    assertThat(rows(columns)).containsExactly("[0,1,2,3,4,5,6,7,8]");
    List<String> withOrigin = rows(columns.withRowOrigin());
    assertThat(withOrigin)
        .containsExactly("[0,1,2,3,4,5,6,7,8,\"" + inspect().files().get(0).path() + "\",0,null]");
    assertThat(columns.withRowOrigin().schema().getFields())
        .extracting(Field::getName)
        .doesNotHaveDuplicates();
  }

  @Test
  void aColumnSelectedTwiceIsNamed() throws Exception {
    write("pq.write_table(pa.table({'id': [1]}), 'a.parquet')");
    assertThatThrownBy(() -> inspect().select(List.of("id", "id")))
        .hasMessageContaining("'id' is selected twice");
  }

  @Test
  void aColumnOfAFoldersNameMustHaveTheFoldersValue() throws Exception {
    write(
        """
        import os
        def put(folder, day):
            os.makedirs(folder)
            pq.write_table(pa.table({"id": range(len(day)), "day": day}), folder + "/a.parquet")
        put("same/day=1", [1, 1])
        put("same/day=02", [2])
        put("same/day=__HIVE_DEFAULT_PARTITION__", pa.nulls(2, pa.int64()))
        put("dates/day=2024-05-01", pa.array(["2024-05-01"]))
        put("other/day=1", [1, 2])
        put("nulls/day=1", [1, None])
        """);
    assertThat(inspect("same").select().schema().getFields())
        .extracting(Field::toString)
        .containsExactly("id: Int(64, true)", "day: Int(64, true)");
    assertThat(inspect("dates").select().schema().getFields()).hasSize(2);
    assertThatThrownBy(() -> inspect("other").select())
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("other/day=1/a.parquet: column day")
        .hasMessageContaining("rename");
    assertThatThrownBy(() -> inspect("nulls").select(List.of("day")))
        .hasMessageContaining("nulls/day=1/a.parquet: column day");
    assertThat(inspect("other").select(List.of("id")).columns()).hasSize(1);
  }

  @Test
  void twoFoldersOfOneKeyAreRefused() throws Exception {
    write(
        """
        import os
        os.makedirs("day=1/day=2")
        pq.write_table(pa.table({"id": [1]}), "day=1/day=2/a.parquet")
        """);
    assertThatThrownBy(this::inspect)
        .hasMessageContaining("a.parquet: column day is given by two of the folders above");
  }

  @Test
  void numbersAreReadWithTheWidestTypeOfAllFiles() throws Exception {
    write(
        """
        def put(name, i, u, f, d, l):
            halves = pa.array([1.5], f)
            struct = pa.array([{"x": 7}], pa.struct([("x", i)]))
            lists = pa.array([[1, None, 3]], pa.list_(l))
            decimals = pa.array([d[0]], d[1])
            pq.write_table(pa.table({"i": pa.array([-1], i), "u": pa.array([200], u), "f": halves,
                "d": decimals, "s": struct, "l": lists}), name)
        from decimal import Decimal
        number = Decimal("1.25")
        small, large, some = pa.decimal128(5, 2), pa.decimal256(50, 2), pa.decimal128(30, 2)
        put("a.parquet", pa.int8(), pa.uint8(), pa.float16(), (number, small), pa.int16())
        put("b.parquet", pa.int64(), pa.int16(), pa.float64(), (number, large), pa.uint32())
        put("c.parquet", pa.int32(), pa.uint16(), pa.float32(), (-number, some), pa.uint8())
        """);
    assertThat(inspect().schema().getFields())
        .extracting(Field::toString)
        .containsExactly(
            "i: Int(64, true)",
            "u: Int(32, true)",
            "f: FloatingPoint(DOUBLE)",
            "d: Decimal(50, 2, 256)",
            "s: Struct<x: Int(64, true)>",
            "l: List<element: Int(64, true)>");
    String one = "{\"float\":\"3ff8000000000000\"}";
    String start = "[-1,200," + one + ",{\"decimal\":\"%s\"},{\"struct\":{\"x\":7}},[1,null,3]]";
    assertThat(rows(inspect().select()))
        .containsExactly(
            start.formatted("1.25"), start.formatted("1.25"), start.formatted("-1.25"));
  }

  @Test
  void aColumnWithoutValuesHasTheTypeOfTheOtherFiles() throws Exception {
    write(
        """
        nothing = pa.table({"id": [1], "t": pa.nulls(1), "l": pa.array([[]], pa.list_(pa.null()))})
        pq.write_table(nothing, "a.parquet")
        values = pa.table({"id": [2], "t": ["x"], "l": [[["y"]]]})
        pq.write_table(values, "b.parquet")
        lists = pa.nulls(1, pa.list_(pa.null()))
        pq.write_table(pa.table({"id": [3], "t": pa.nulls(1, pa.int32()), "l": lists}), "c.parquet")
        empty = values.slice(0, 0).set_column(1, "t", pa.array([], pa.float64()))
        pq.write_table(empty, "d.parquet")
        duckdb.sql("copy (select 4 id, null t, [['z']] l) to 'e.parquet'")
        """);
    assertThat(inspect().schema().getFields())
        .extracting(Field::toString)
        .containsExactly("id: Int(64, true)", "t: Utf8", "l: List<element: List<element: Utf8>>");
    assertThat(rows(inspect().select()))
        .containsExactly(
            "[1,null,[]]", "[2,\"x\",[[\"y\"]]]", "[3,null,null]", "[4,null,[[\"z\"]]]");
  }

  @Test
  void numbersAndTextsDoNotMix() throws Exception {
    write(
        """
        pq.write_table(pa.table({"x": pa.array([None, None], pa.float32())}), "a.parquet")
        pq.write_table(pa.table({"x": [1]}), "b.parquet")
        pq.write_table(pa.table({"x": ["1"]}), "c.parquet")
        """);
    assertThatThrownBy(() -> inspect().select())
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("c.parquet: column x is x: Utf8, but x: Int(64, true) in")
        .hasMessageContaining("b.parquet");
  }

  private void write(String statements) throws IOException, InterruptedException {
    PythonReaders.python(folder, statements);
  }

  private ParquetInputs inspect() throws IOException {
    return ParquetInputs.inspect(folder.toString());
  }

  private ParquetInputs inspect(String below) throws IOException {
    assertThat(Files.isDirectory(folder.resolve(below))).isTrue();
    return ParquetInputs.inspect(folder.resolve(below).toString());
  }

  private List<String> rows(String... columns) throws IOException {
    return rows(inspect().select(List.of(columns)));
  }

  private List<String> rows(InputColumns columns) throws IOException {
    List<String> rows = new ArrayList<>();
    BatchLayout layout = new BatchLayout(columns.columns(), columns.schema(), 10, 1 << 20);
    for (ParquetInputFile input : inspect().files()) {
      ParquetFile file =
          ParquetFile.open(new org.apache.flink.core.fs.Path(input.path()), input.length());
      try (BatchReader reader =
          new BatchReader(
              file,
              layout,
              input.folders(),
              new SplitPosition(0, 0),
              input.rowGroups().size(),
              ArrowMemory.allocator())) {
        ArrowBatch next = reader.next();
        while (next != null) {
          try (ArrowBatch batch = next) {
            CanonicalJson.rows(batch).stream().map(JsonNode::toString).forEach(rows::add);
          }
          next = reader.next();
        }
      }
    }
    return rows;
  }
}
