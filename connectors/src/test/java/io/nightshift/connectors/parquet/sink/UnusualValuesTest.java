package io.nightshift.connectors.parquet.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.connectors.parquet.PythonReaders;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Values at the limits of their types and beyond, as pyarrow, DuckDB and polars write them, on the
 * way that kept columns go: read, taken out of their batch row by row, put into another one, and
 * written. pyarrow finds the same in what came out as in what went in.
 */
class UnusualValuesTest {
  private static final Path SCRIPT = Path.of("src/test/python/write_unusual_values.py");
  private static final int MORE_ROWS_THAN_THERE_ARE = 100;

  @TempDir private Path folder;

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void valuesComeOutAsTheyWentIn() throws Exception {
    List<String> files = PythonReaders.python(folder, Files.readString(SCRIPT));
    List<String> readings = new ArrayList<>();
    for (String file : files) {
      Path output = folder.resolve("output-" + file);
      try (ArrowBatch batch =
          ParquetFiles.read(path(folder.resolve(file)), MORE_ROWS_THAN_THERE_ARE, allocator)) {
        readForTemplates(file, batch);
        copy(folder.resolve(file), batch, output);
      }
      readings.add("pyarrow=" + folder.resolve(file));
      readings.add("pyarrow=" + output);
    }

    List<List<JsonNode>> found = PythonReaders.read(readings);

    assertThat(files).hasSizeGreaterThan(20);
    for (int file = 0; file < files.size(); file++) {
      List<JsonNode> before = found.get(2 * file);
      assertThat(before).as(files.get(file)).isNotEmpty();
      assertThat(found.get(2 * file + 1)).as(files.get(file)).isEqualTo(before);
    }
  }

  private void copy(Path input, ArrowBatch batch, Path output) throws IOException {
    Schema schema = ParquetInputs.inspect(input.toString()).schema();
    ArrowRowCodec codec = new ArrowRowCodec(schema);
    try (VectorSchemaRoot copy = VectorSchemaRoot.create(schema, allocator)) {
      for (int row = 0; row < batch.rows(); row++) {
        codec.decode(codec.encode(batch.root(), row), copy, row);
      }
      copy.setRowCount(batch.rows());
      ParquetFiles.write(path(output), schema, CompressionCodecName.ZSTD, copy);
    }
  }

  /** A value that templates cannot have is an error of its row, and of no other kind. */
  private static void readForTemplates(String file, ArrowBatch batch) {
    for (FieldVector column : batch.root().getFieldVectors()) {
      for (int row = 0; row < batch.rows(); row++) {
        try {
          ArrowValues.read(column, row);
        } catch (InvalidUtf8Exception | DateTimeException invalid) {
          assertThat(invalid).as(file).hasMessageContaining("'" + column.getName() + "'");
        }
      }
    }
  }

  private static org.apache.flink.core.fs.Path path(Path file) {
    return new org.apache.flink.core.fs.Path(file.toUri());
  }
}
