package io.nightshift.connectors.parquet.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.parquet.input.ParquetInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shapes and types that today's writers no longer write, or not all of them. */
class LegacyShapesTest {
  @TempDir private Path folder;

  @Test
  void listOfTwoLevels() throws IOException {
    String column = "optional group x (LIST) { repeated int32 element; }";
    assertThat(
            read(
                column,
                LegacyShapesTest::noRow,
                row -> row.addGroup("x"),
                row -> {
                  Group list = row.addGroup("x");
                  list.add("element", 1);
                  list.add("element", 2);
                }))
        .containsExactly("x: List<element: Int(32, true) not null>", "[null]", "[[]]", "[[1,2]]");
  }

  @Test
  void listOfTwoLevelsWhoseElementIsAGroup() throws IOException {
    for (String name : List.of("array", "x_tuple")) {
      String column =
          "optional group x (LIST) { repeated group " + name + " { optional int32 a; } }";
      assertThat(
              read(
                  column,
                  row -> {
                    Group list = row.addGroup("x");
                    list.addGroup(name).add("a", 1);
                    list.addGroup(name);
                  }))
          .containsExactly(
              "x: List<element: Struct<a: Int(32, true)> not null>",
              "[[{\"struct\":{\"a\":1}},{\"struct\":{\"a\":null}}]]");
    }
  }

  @Test
  void listOfTwoLevelsWhoseElementHasTwoFields() throws IOException {
    String column =
        "required group x (LIST) { repeated group element { required int32 a; optional int32 b; } }";
    assertThat(read(column, row -> row.addGroup("x").addGroup("element").append("a", 1)))
        .containsExactly(
            "x: List<element: Struct<a: Int(32, true) not null, b: Int(32, true)> not null>"
                + " not null",
            "[[{\"struct\":{\"a\":1,\"b\":null}}]]");
  }

  @Test
  void listOfTwoLevelsInAList() throws IOException {
    String column =
        "optional group x (LIST) { repeated group array (LIST) { repeated int32 array; } }";
    assertThat(
            read(
                column,
                row -> {
                  Group list = row.addGroup("x");
                  list.addGroup("array").append("array", 1).append("array", 2);
                  list.addGroup("array");
                }))
        .containsExactly(
            "x: List<element: List<element: Int(32, true) not null> not null>", "[[[1,2],[]]]");
  }

  @Test
  void listOfThreeLevelsOfAnyNames() throws IOException {
    String column =
        "optional group x (LIST) { repeated group bag { optional int32 array_element; } }";
    assertThat(
            read(
                column,
                row -> {
                  Group list = row.addGroup("x");
                  list.addGroup("bag").add("array_element", 1);
                  list.addGroup("bag");
                }))
        .containsExactly("x: List<element: Int(32, true)>", "[[1,null]]");
  }

  @Test
  void repeatedFieldsOutsideOfLists() throws IOException {
    assertThat(
            read(
                "repeated int32 x;",
                LegacyShapesTest::noRow,
                row -> {
                  row.add("x", 1);
                  row.add("x", 2);
                }))
        .containsExactly("x: List<element: Int(32, true) not null> not null", "[[]]", "[[1,2]]");
    String groups = "repeated group x { repeated int32 a; optional binary b (STRING); }";
    assertThat(
            read(
                groups,
                row -> {
                  row.addGroup("x").append("a", 1).append("a", 2).append("b", "t");
                  row.addGroup("x");
                }))
        .containsExactly(
            "x: List<element: Struct<a: List<element: Int(32, true) not null> not null, b: Utf8>"
                + " not null> not null",
            "[[{\"struct\":{\"a\":[1,2],\"b\":\"t\"}},{\"struct\":{\"a\":[],\"b\":null}}]]");
  }

  @Test
  void legacyMapsWithOptionalKeysAndOtherNames() throws IOException {
    String column =
        "optional group x (MAP_KEY_VALUE) { repeated group map { optional binary k (UTF8);"
            + " optional int32 v; } }";
    assertThat(
            read(
                column,
                row -> {
                  Group map = row.addGroup("x");
                  map.addGroup("map").append("k", "a").append("v", 1);
                  map.addGroup("map").append("k", "b");
                }))
        .containsExactly(
            "x: Map(false)<entries: Struct<key: Utf8 not null, value: Int(32, true)> not null>",
            "[{\"map\":[[\"a\",1],[\"b\",null]]}]");
  }

  @Test
  void aMapWithoutValuesIsASet() throws IOException {
    String column =
        "optional group x (MAP) { repeated group key_value { required binary key (STRING); } }";
    assertThat(read(column, row -> row.addGroup("x").addGroup("key_value").append("key", "a")))
        .containsExactly("x: List<element: Utf8 not null>", "[[\"a\"]]");
  }

  @Test
  void legacyConvertedTypes() throws IOException {
    String columns =
        "required int32 i8 (INT_8); required int32 u16 (UINT_16); required int64 ms"
            + " (TIMESTAMP_MILLIS); required int64 us (TIMESTAMP_MICROS); required int32 t"
            + " (TIME_MILLIS); required int32 d (DATE); required binary e (ENUM); required binary j"
            + " (JSON); required binary b (BSON); required binary dec (DECIMAL(5,2));";
    assertThat(
            read(
                columns,
                row ->
                    row.append("i8", -1)
                        .append("u16", 65535)
                        .append("ms", 5L)
                        .append("us", 6L)
                        .append("t", 7)
                        .append("d", 8)
                        .append("e", "E")
                        .append("j", "{}")
                        .append("b", Binary.fromConstantByteArray(new byte[] {1}))
                        .append("dec", Binary.fromConstantByteArray(new byte[] {-1, 0}))))
        .containsExactly(
            "i8: Int(8, true) not null, u16: Int(16, false) not null,"
                + " ms: Timestamp(MILLISECOND, UTC) not null,"
                + " us: Timestamp(MICROSECOND, UTC) not null, t: Time(MILLISECOND, 32) not null,"
                + " d: Date(DAY) not null, e: Utf8 not null, j: Utf8 not null,"
                + " b: Binary not null, dec: Decimal(5, 2, 128) not null",
            "[-1,65535,{\"timestamp\":5000000},{\"timestamp\":6000},{\"time\":7000000},"
                + "{\"date\":8},\"E\",\"{}\",{\"bytes\":\"01\"},{\"decimal\":\"-2.56\"}]");
  }

  @Test
  void int96ReachesTheYears1And9999() throws IOException {
    int julianDayOfYear1 = 1_721_426;
    int julianDayOfYear9999End = 5_373_484;
    assertThat(
            read(
                "required int96 x;",
                row -> row.add("x", new NanoTime(julianDayOfYear1, 1_999)),
                row -> row.add("x", new NanoTime(julianDayOfYear9999End, 0))))
        .containsExactly(
            "x: Timestamp(MICROSECOND, null) not null",
            "[{\"timestamp\":-62135596799999999000}]",
            "[{\"timestamp\":253402214400000000000}]");
  }

  @Test
  void decimalsOfMoreBytesThanTheirDigitsNeed() throws IOException {
    byte[] minusOne = new byte[20];
    Arrays.fill(minusOne, (byte) -1);
    assertThat(
            read(
                "required fixed_len_byte_array(20) x (DECIMAL(38,1));",
                row -> row.add("x", Binary.fromConstantByteArray(minusOne))))
        .containsExactly("x: Decimal(38, 1, 128) not null", "[{\"decimal\":\"-0.1\"}]");
  }

  @Test
  void decimalsThatArrowCannotHoldAreNamed() {
    assertThatThrownBy(
            () ->
                read(
                    "required fixed_len_byte_array(40) x (DECIMAL(80,1));",
                    row -> row.add("x", Binary.fromConstantByteArray(new byte[40]))))
        .hasMessageContaining("legacy.parquet: column x has 80 decimal digits; at most 76");
  }

  @Test
  void aListThatIsNoneIsNamed() {
    assertThatThrownBy(
            () ->
                read(
                    "required group x (LIST) { required int32 a; }",
                    row -> row.addGroup("x").append("a", 1)))
        .hasMessageContaining("column x is annotated as LIST but");
  }

  private static void noRow(Group row) {}

  /** Writes the rows; gives the fields in one line, then a line for each row read. */
  @SafeVarargs
  private List<String> read(String columns, Consumer<Group>... rows) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { " + columns + " }");
    Path path = folder.resolve("legacy.parquet");
    Files.deleteIfExists(path);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (Consumer<Group> row : rows) {
        Group group = new SimpleGroup(schema);
        row.accept(group);
        writer.write(group);
      }
    }
    List<String> lines = new ArrayList<>();
    String fields = ParquetInputs.inspect(path.toString()).schema().getFields().toString();
    lines.add(fields.substring(1, fields.length() - 1));
    Batches.rows(Batches.read(path, 100, 1 << 20)).forEach(row -> lines.add(row.toString()));
    return lines;
  }
}
