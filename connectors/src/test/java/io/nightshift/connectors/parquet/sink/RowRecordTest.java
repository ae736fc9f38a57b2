package io.nightshift.connectors.parquet.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.parquet.PythonReaders;
import io.nightshift.connectors.parquet.output.WrittenRows;
import io.nightshift.connectors.version.BuildVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that tell in their footers which rows they have. */
class RowRecordTest {
  private static final Schema SCHEMA =
      new Schema(List.of(Field.notNullable("id", new ArrowType.Int(64, true))));
  private static final RowRecord RECORD = new RowRecord("unit", "row");

  @TempDir Path folder;

  @Test
  void footersTellTheRowsOfAFolder() throws Exception {
    write("part-0.parquet", "0/unit-a", 0, 1, 2, 700);
    write("part-1.parquet", "0/unit-a", 3, 5);
    write("part-2.parquet", "1/unit-b", 9);
    Files.writeString(folder.resolve("_SUCCESS"), "");
    Files.writeString(folder.resolve(".part-3.parquet.inprogress"), "");

    WrittenRows written = WrittenRows.read(List.of(path()));

    assertThat(written.groups()).containsExactly("0/unit-a", "1/unit-b");
    assertThat(written.of("0/unit-a").stream()).containsExactly(0, 1, 2, 3, 5, 700);
    assertThat(written.of("1/unit-b").stream()).containsExactly(9);
    assertThat(written.of("1/unit-c").isEmpty()).isTrue();
    assertThat(written.count()).isEqualTo(7);
    List<JsonNode> rows =
        PythonReaders.read(List.of("pyarrow=" + folder.resolve("part-1.parquet"))).get(0);
    assertThat(rows.toString()).isEqualTo("[[3], [5]]");
  }

  @Test
  void footersTellTheVersion() throws IOException {
    write("part-0.parquet", "0/unit-a", 0);
    assertThat(metadata("part-0.parquet"))
        .containsEntry(BuildVersion.FOOTER_KEY, BuildVersion.get())
        .containsKey(WrittenRows.FOOTER_KEY);
    assertThat(BuildVersion.get()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  @Test
  void footersWithoutAVersionAreThoseOfOlderVersions() throws IOException {
    write("part-0.parquet", "0/unit-a", 0, 2);
    String record = metadata("part-0.parquet").getOrDefault(WrittenRows.FOOTER_KEY, "");
    writeWithFooter(
        "part-1.parquet", Map.of(WrittenRows.FOOTER_KEY, record.replace("unit-a", "unit-b")));

    WrittenRows written = WrittenRows.read(List.of(path()));

    assertThat(written.groups()).containsExactly("0/unit-a", "0/unit-b");
    assertThat(written.of("0/unit-b").stream()).containsExactly(0, 2);
  }

  private Map<String, String> metadata(String name) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(new LocalInputFile(folder.resolve(name)))) {
      return reader.getFileMetaData().getKeyValueMetaData();
    }
  }

  private void writeWithFooter(String name, Map<String, String> footer) throws IOException {
    MessageType type = MessageTypeParser.parseMessageType("message rows { required int64 id; }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(folder.resolve(name)))
            .withType(type)
            .withExtraMetaData(footer)
            .build()) {
      writer.write(new SimpleGroup(type).append("id", 1L));
      writer.write(new SimpleGroup(type).append("id", 2L));
    }
  }

  @Test
  void aFolderThatIsNotThereHasNoRows() throws IOException {
    assertThat(WrittenRows.read(List.of(new org.apache.flink.core.fs.Path(path(), "none"))).count())
        .isZero();
  }

  @Test
  void copiesAndFilesOfOthersAreNamed() throws IOException {
    write("part-0.parquet", "0/unit-a", 1);
    Files.copy(folder.resolve("part-0.parquet"), folder.resolve("part-0 (copy).parquet"));
    assertThatThrownBy(() -> WrittenRows.read(List.of(path())))
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("part-0")
        .hasMessageContaining("copied");

    Files.delete(folder.resolve("part-0 (copy).parquet"));
    ParquetFiles.write(
        new org.apache.flink.core.fs.Path(path(), "other.parquet"),
        SCHEMA,
        CompressionCodecName.ZSTD);
    assertThatThrownBy(() -> WrittenRows.read(List.of(path())))
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("other.parquet")
        .hasMessageContaining("not written by a run");
  }

  private void write(String name, String unit, int... rows) throws IOException {
    org.apache.flink.core.fs.Path file = new org.apache.flink.core.fs.Path(path(), name);
    try (FSDataOutputStream out =
            file.getFileSystem().create(file, FileSystem.WriteMode.NO_OVERWRITE);
        VectorSchemaRoot root =
            VectorSchemaRoot.create(RECORD.batchSchema(SCHEMA), ArrowMemory.allocator())) {
      for (int i = 0; i < rows.length; i++) {
        ((BigIntVector) root.getVector("id")).setSafe(i, rows[i]);
        ((VarCharVector) root.getVector("unit")).setSafe(i, unit.getBytes(StandardCharsets.UTF_8));
        ((BigIntVector) root.getVector("row")).setSafe(i, rows[i]);
      }
      root.setRowCount(rows.length);
      ParquetFileWriter writer =
          new ParquetFileWriter.Factory(
                  SCHEMA.toJson(), new FileLayout(CompressionCodecName.ZSTD, 1 << 20), RECORD)
              .create(out);
      writer.addElement(new ArrowBatch(root));
      writer.finish();
    }
  }

  private org.apache.flink.core.fs.Path path() {
    return new org.apache.flink.core.fs.Path(folder.toUri());
  }
}
