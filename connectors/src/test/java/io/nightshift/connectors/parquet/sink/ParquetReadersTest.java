package io.nightshift.connectors.parquet.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.CanonicalJson;
import io.nightshift.connectors.arrow.row.RandomBatches;
import io.nightshift.connectors.arrow.schema.FieldMetadata;
import io.nightshift.connectors.parquet.PythonReaders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink's files hold for pyarrow, DuckDB and polars what was written. */
class ParquetReadersTest {
  private static final int ROWS = 100;

  @TempDir Path folder;

  private final BufferAllocator allocator = new RootAllocator();
  private final List<String> readings = new ArrayList<>();
  private final List<List<JsonNode>> expected = new ArrayList<>();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void othersReadWhatWasWritten() throws IOException, InterruptedException {
    for (CompressionCodecName codec :
        List.of(CompressionCodecName.ZSTD, CompressionCodecName.LZ4_RAW)) {
      String name = "everywhere-" + codec;
      readings(name, codec, everywhere(), List.of("pyarrow", "duckdb", "polars"));
    }
    // What some of the readers do not know, or have only as another type.
    readings("maps", CompressionCodecName.ZSTD, maps(), List.of("pyarrow", "duckdb"));
    readings("wide", CompressionCodecName.ZSTD, wide(), List.of("pyarrow"));

    List<List<JsonNode>> found = PythonReaders.read(readings);

    assertThat(found).hasSameSizeAs(readings);
    for (int reading = 0; reading < readings.size(); reading++) {
      for (int row = 0; row < ROWS; row++) {
        assertThat(found.get(reading).get(row))
            .as("%s, row %d", readings.get(reading), row)
            .isEqualTo(expected.get(reading).get(row));
      }
    }
  }

  private void readings(
      String name, CompressionCodecName codec, List<Field> columns, List<String> readers)
      throws IOException {
    Schema schema = new Schema(columns);
    Path file = folder.resolve(name + ".parquet");
    try (VectorSchemaRoot batch = new RandomBatches(17).batch(schema, ROWS, allocator)) {
      ParquetFiles.write(new org.apache.flink.core.fs.Path(file.toUri()), schema, codec, batch);
      List<JsonNode> rows = new ArrayList<>();
      for (JsonNode row : CanonicalJson.rows(new ArrowBatch(batch))) {
        rows.add(new ObjectMapper().readTree(row.toString())); // As a reader of JSON has numbers.
      }
      for (String reader : readers) {
        readings.add(reader + "=" + file);
        expected.add(rows);
      }
    }
  }

  private static List<Field> everywhere() {
    List<Field> columns = new ArrayList<>();
    for (int bits : new int[] {8, 16, 32, 64}) {
      columns.add(Field.nullable("int" + bits, new ArrowType.Int(bits, true)));
      columns.add(Field.nullable("uint" + bits, new ArrowType.Int(bits, false)));
    }
    columns.add(Field.notNullable("required", new ArrowType.Int(64, true)));
    columns.add(Field.nullable("bool", ArrowType.Bool.INSTANCE));
    for (FloatingPointPrecision precision : FloatingPointPrecision.values()) {
      columns.add(Field.nullable(precision.name(), new ArrowType.FloatingPoint(precision)));
    }
    for (int digits : new int[] {7, 18, 38}) {
      columns.add(Field.nullable("decimal" + digits, new ArrowType.Decimal(digits, 3, 128)));
    }
    columns.add(Field.nullable("text", ArrowType.Utf8.INSTANCE));
    columns.add(Field.nullable("binary", ArrowType.Binary.INSTANCE));
    columns.add(Field.nullable("fixed", new ArrowType.FixedSizeBinary(5)));
    columns.add(Field.nullable("date", new ArrowType.Date(DateUnit.DAY)));
    columns.add(Field.nullable("time_ms", new ArrowType.Time(TimeUnit.MILLISECOND, 32)));
    columns.add(Field.nullable("time_us", new ArrowType.Time(TimeUnit.MICROSECOND, 64)));
    for (TimeUnit unit : List.of(TimeUnit.MILLISECOND, TimeUnit.MICROSECOND, TimeUnit.NANOSECOND)) {
      columns.add(Field.nullable("local_" + unit, new ArrowType.Timestamp(unit, null)));
      columns.add(Field.nullable("utc_" + unit, new ArrowType.Timestamp(unit, "UTC")));
    }
    Field number = Field.nullable("number", new ArrowType.Int(32, true));
    Field text = Field.nullable("text", ArrowType.Utf8.INSTANCE);
    columns.add(list("list", number));
    columns.add(list("lists", list("inner", text)));
    columns.add(struct("struct", number, struct("inner", text, list("list", number))));
    columns.add(list("structs", struct("inner", number, text)));
    return columns;
  }

  private static List<Field> maps() {
    Field key = Field.notNullable(MapVector.KEY_NAME, new ArrowType.Int(32, true));
    Field value = list(MapVector.VALUE_NAME, Field.nullable("text", ArrowType.Utf8.INSTANCE));
    Field entry =
        new Field(
            MapVector.DATA_VECTOR_NAME,
            FieldType.notNullable(ArrowType.Struct.INSTANCE),
            List.of(key, value));
    return List.of(new Field("map", FieldType.nullable(new ArrowType.Map(false)), List.of(entry)));
  }

  private static List<Field> wide() {
    FieldType uuid =
        new FieldType(
            true,
            new ArrowType.FixedSizeBinary(16),
            null,
            Map.of(FieldMetadata.LOGICAL_TYPE, "UUID"));
    return List.of(
        Field.nullable("decimal76", new ArrowType.Decimal(76, 20, 256)),
        Field.nullable("time_ns", new ArrowType.Time(TimeUnit.NANOSECOND, 64)),
        new Field("uuid", uuid, null),
        Field.nullable("nothing", ArrowType.Null.INSTANCE));
  }

  private static Field list(String name, Field element) {
    return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(element));
  }

  private static Field struct(String name, Field... children) {
    return new Field(name, FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(children));
  }
}
