package io.nightshift.connectors.jsonl.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.github.luben.zstd.Zstd;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.CanonicalJson;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.jsonl.decode.JsonObjectParser;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.connectors.source.SplitPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesInputsTest {
  private static final String NOTES =
      """
      {"id": 1, "text": "one"}

      {"id": 2, "tags": ["a", "b"], "meta": {"n": 1}}
      {"id": 3, "text": null, "tags": [], "meta": {"by": "x"}}
      """;

  @TempDir private Path folder = Path.of("");

  @AfterEach
  void noBufferIsLeft() {
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  @Test
  void columnsHaveTheTypesOfAllTheirValues() throws IOException {
    write("a.jsonl", NOTES);
    write(
        "b.jsonl",
        "{\"id\": 4.5, \"ok\": true, \"none\": null, \"empty\": {}, \"lists\": [[], [null, 2]]}\n"
            + "{\"ok\": false, \"meta\": {\"n\": 1.5}}");
    JsonLinesInputs inputs = inspect();
    assertThat(inputs.rows()).isEqualTo(5);
    assertThat(inputs.files()).extracting(JsonLinesFile::rowNumbers).containsExactly(4L, 2L);
    assertThat(inputs.select().schema().getFields())
        .extracting(Field::toString)
        .containsExactly(
            "id: FloatingPoint(DOUBLE)",
            "text: Utf8",
            "tags: List<element: Utf8>",
            "meta: Struct<n: FloatingPoint(DOUBLE), by: Utf8>",
            "ok: Bool",
            "none: Null",
            "empty: Null",
            "lists: List<element: List<element: Int(64, true)>>");
    assertThat(rows(inputs, "ok", "id", "tags", "meta", "none", "empty", "lists"))
        .containsExactly(
            "a 0 [null," + number(1.0) + ",null,null,null,null,null,null]",
            "a 2 [null,"
                + number(2.0)
                + ",[\"a\",\"b\"],{\"struct\":{\"n\":"
                + number(1.0)
                + ",\"by\":null}},null,null,null,null]",
            "a 3 [null,"
                + number(3.0)
                + ",[],{\"struct\":{\"n\":null,\"by\":\"x\"}},null,null,null,null]",
            "b 0 [true," + number(4.5) + ",null,null,null,null,[[],[null,2]],null]",
            "b 1 [false,null,null,{\"struct\":{\"n\":"
                + number(1.5)
                + ",\"by\":null}},null,null,null,null]");
  }

  @Test
  void valuesOfDifferentKindsAreRefusedWithTheirLines() throws IOException {
    write("a.jsonl", NOTES);
    write("b.jsonl", "\n{\"id\": \"4\", \"tags\": [\"c\", 7], \"meta\": {\"n\": true}, \"ok\": 1}");
    JsonLinesInputs inputs =
        JsonLinesInputs.inspect(paths(), JsonObjectParser.ofAllColumns(), new ObservedType(), 30);
    assertRefused(
        inputs,
        "id",
        "column id is an integer in line 1 of ",
        "a.jsonl, but a string in line 2 of ");
    assertRefused(
        inputs, "tags", "column tags[] is a string in line 3 of ", "but an integer in line 2 of ");
    assertRefused(
        inputs, "meta", "column meta.n is an integer in line 3 of ", "but a boolean in line 2 of ");
    assertRefused(inputs, "txt", "column txt is missing. Did you mean text?", "a.jsonl");
    assertThat(inputs.select(List.of("ok", "text")).schema().getFields()).hasSize(2);
    assertThatThrownBy(inputs::select)
        .hasMessageContaining("select the columns to read without it (output.columns)");
  }

  private static void assertRefused(InputFiles inputs, String column, String... complaints) {
    assertThatThrownBy(() -> inputs.select(List.of(column)))
        .isInstanceOf(FileReadException.class)
        .hasMessageContainingAll(complaints);
  }

  @Test
  void rowsAndTheirNumbersAreTheSameHoweverFilesAreCut() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      lines
          .append("{\"n\": ")
          .append(i)
          .append(", \"s\": \"")
          .append("ä".repeat(i % 7))
          .append("\"}");
      lines.append(i % 5 == 0 ? "\r\n" : i % 11 == 0 ? "\n\n \n" : "\n");
    }
    write("a.jsonl", lines.toString());
    List<String> whole = rows(inspect(), "n", "s");
    assertThat(whole).hasSize(60);
    for (long range : new long[] {1, 2, 7, 20, 64, 333}) {
      JsonLinesInputs inputs =
          JsonLinesInputs.inspect(
              paths(), JsonObjectParser.ofAllColumns(), new ObservedType(), range);
      assertThat(inputs.rows()).isEqualTo(60);
      assertThat(inputs.files().get(0).rowNumbers())
          .isEqualTo(lines.chars().filter(c -> c == '\n').count());
      assertThat(rows(inputs, "n", "s")).as("ranges of %s bytes", range).isEqualTo(whole);
    }
  }

  @Test
  void compressedFilesHaveTheSameRows() throws IOException {
    write("a.jsonl", NOTES);
    List<String> plain = rows(inspect(), "id", "text");
    Files.delete(folder.resolve("a.jsonl"));
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (String part : NOTES.split("(?<=one)")) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(members)) {
        gzip.write(part.getBytes(UTF_8));
      }
    }
    Files.write(folder.resolve("a.jsonl.gz"), members.toByteArray());
    assertThat(rows(inspect(), "id", "text")).isEqualTo(plain);
    Files.delete(folder.resolve("a.jsonl.gz"));
    Files.write(folder.resolve("a.jsonl.zst"), Zstd.compress(NOTES.getBytes(UTF_8)));
    assertThat(rows(inspect(), "id", "text")).isEqualTo(plain);

    Files.write(folder.resolve("b.jsonl.gz"), NOTES.getBytes(UTF_8));
    assertThatThrownBy(this::inspect)
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("b.jsonl.gz: cannot be opened");
    Files.delete(folder.resolve("b.jsonl.gz"));
    Files.write(folder.resolve("b.jsonl.xz"), new byte[] {1});
    assertThatThrownBy(this::inspect).hasMessageContaining("b.jsonl.xz: files that end with .xz");
  }

  @Test
  void malformedLinesAreRowsThatCannotBeRead() throws IOException {
    write("a.jsonl", "{\"id\": 1}\n\n{\"id\": \"x\",\n{\"id\": 2}\n[3]\n");
    JsonLinesInputs inputs = inspect();
    assertThat(inputs.rows()).isEqualTo(4);
    assertThat(rows(inputs, "id")).hasSize(4).startsWith("a 0 [1,null]").contains("a 3 [2,null]");
    assertThat(rows(inputs, "id").get(1))
        .startsWith("a 2 [null,\"")
        .contains("a.jsonl: line 3, column 12: Unexpected end-of-input");
    assertThat(rows(inputs, "id").get(3))
        .contains("a.jsonl: line 5, column 1: the line begins with");

    InputColumns columns = inputs.select();
    BatchFormat format =
        inputs.format(new BatchLayout(columns.columns(), columns.schema(), 10, 100));
    assertThatThrownBy(() -> format.open(inputs.splits(100).get(0), ArrowMemory.allocator()).next())
        .isInstanceOf(FileReadException.class)
        .hasMessageMatching("file:[^:]+a.jsonl: line 3, column 12: .*");

    write("b.jsonl", "\n[\n{\"id\": 1},\n{\"id\": 2}]");
    assertThatThrownBy(this::inspect)
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("b.jsonl: line 2, column 1: the line begins with an array");
  }

  @Test
  void linesMayBeTextsOfOneColumn() throws IOException {
    write("a.jsonl", "{\"id\": 1}\r\n\nanything\n{\"id\": \"x\"}");
    JsonLinesInputs inputs = JsonLinesInputs.inspectText(paths(), "line");
    assertThat(inputs.columnNames()).containsExactly("line");
    write("empty.jsonl", "");
    assertThat(JsonLinesInputs.inspectText(List.of(folder + "/empty.jsonl"), "line").columnNames())
        .containsExactly("line");
    assertThat(rows(inputs, "line"))
        .containsExactly(
            "a 0 [\"{\\\"id\\\": 1}\",null]",
            "a 2 [\"anything\",null]",
            "a 3 [\"{\\\"id\\\": \\\"x\\\"}\",null]");
  }

  @Test
  void foldersAreColumns() throws IOException {
    write("day=1/a.jsonl", "{\"id\": 1}");
    write("day=2/b.jsonl", "{\"id\": 2}");
    assertThat(inspect().columnNames()).containsExactly("id", "day");
    assertThat(rows(inspect(), "day", "id")).containsExactly("a 0 [1,1,null]", "b 0 [2,2,null]");
    assertThat(inspect().only(file -> file.path().endsWith("b.jsonl")).rows()).isEqualTo(1);
    write("day=2/b.jsonl", "{\"id\": 2, \"day\": 2}");
    assertThatThrownBy(() -> inspect().select())
        .hasMessageContaining("column day is the key of a folder above, and also of lines");
  }

  /** As in {@link CanonicalJson}. */
  private static String number(double value) {
    return "{\"float\":\"%s\"}".formatted(Long.toHexString(Double.doubleToLongBits(value)));
  }

  private JsonLinesInputs inspect() throws IOException {
    return JsonLinesInputs.inspect(paths());
  }

  private List<String> paths() {
    return List.of(folder.toString());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** The rows of all splits, each with the names of its file and its number before its columns. */
  private static List<String> rows(InputFiles inputs, String... columns) throws IOException {
    InputColumns selected = inputs.select(List.of(columns)).withRowOrigin();
    BatchFormat format =
        inputs.format(new BatchLayout(selected.columns(), selected.schema(), 2, 1 << 20));
    List<String> rows = new ArrayList<>();
    for (FileSplit split : inputs.splits(1 << 20)) {
      List<String> ofSplit = new ArrayList<>();
      for (@Nullable SplitPosition next = split.position(); next != null; ) {
        next = readBatch(format, split.at(next), columns.length, ofSplit);
      }
      rows.addAll(ofSplit);
    }
    return rows;
  }

  /** Reads one batch from where the one before ended, as after a failure. */
  private static @Nullable SplitPosition readBatch(
      BatchFormat format, FileSplit split, int columns, List<String> rows) throws IOException {
    try (BatchFormat.Batches batches = format.open(split, ArrowMemory.allocator())) {
      ArrowBatch next = batches.next();
      if (next == null) {
        return null;
      }
      try (ArrowBatch batch = next) {
        CanonicalJson.rows(batch)
            .forEach(
                row -> {
                  String path = row.get(columns).asText();
                  String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("\\..*", "");
                  String number = row.get(columns + 1).asText();
                  ArrayNode values = (ArrayNode) row;
                  values.remove(columns);
                  values.remove(columns);
                  rows.add(name + " " + number + " " + values);
                });
      }
      return batches.position();
    }
  }
}
