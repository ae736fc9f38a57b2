package io.nightshift.connectors.parquet.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ComparableRows;
import io.nightshift.connectors.arrow.row.RandomBatches;
import io.nightshift.connectors.parquet.file.ParquetFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetFileWriterTest {
  private static final Field NUMBER = Field.nullable("number", new ArrowType.Int(32, true));

  @TempDir Path folder;

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void randomBatchesComeBackFromTheSource() throws IOException {
    for (int seed = 0; seed < 60; seed++) {
      RandomBatches random = new RandomBatches(seed);
      Schema schema = random.schema();
      try (VectorSchemaRoot batch = random.batch(schema, 30, allocator)) {
        org.apache.flink.core.fs.Path file = file(seed + ".parquet");
        ParquetFiles.write(file, schema, CompressionCodecName.ZSTD, batch);
        try (ArrowBatch read = ParquetFiles.read(file, 30, allocator)) {
          assertThat(ComparableRows.of(read.root()))
              .as("seed %d, schema %s", seed, schema)
              .isEqualTo(ComparableRows.of(batch));
          assertThat(read.root().getSchema().getFields())
              .as("seed %d", seed)
              .isEqualTo(schema.getFields().stream().map(ParquetFileWriterTest::asRead).toList());
        }
      }
    }
  }

  /** What a field is after it has been in Parquet, which knows fewer types. */
  private static Field asRead(Field field) {
    return asRead(field.getName(), field);
  }

  private static Field asRead(String name, Field field) {
    ArrowType type = field.getType();
    boolean nullable = field.isNullable();
    return switch (type.getTypeID()) {
      case LargeUtf8 ->
          new Field(name, new FieldType(nullable, ArrowType.Utf8.INSTANCE, null), null);
      case LargeBinary ->
          new Field(name, new FieldType(nullable, ArrowType.Binary.INSTANCE, null), null);
      case Date ->
          new Field(name, new FieldType(nullable, new ArrowType.Date(DateUnit.DAY), null), null);
      case Time, Timestamp ->
          new Field(name, new FieldType(nullable, milliseconds(type), null), null);
      case List, LargeList, FixedSizeList ->
          new Field(
              name,
              new FieldType(nullable, ArrowType.List.INSTANCE, null),
              List.of(asRead("element", field.getChildren().get(0))));
      case Map, Struct ->
          new Field(
              name,
              field.getFieldType(),
              field.getChildren().stream().map(ParquetFileWriterTest::asRead).toList());
      default -> field;
    };
  }

  private static ArrowType milliseconds(ArrowType type) {
    if (type instanceof ArrowType.Timestamp timestamp && timestamp.getUnit() == TimeUnit.SECOND) {
      return new ArrowType.Timestamp(TimeUnit.MILLISECOND, timestamp.getTimezone());
    }
    if (type instanceof ArrowType.Time time && time.getUnit() == TimeUnit.SECOND) {
      return new ArrowType.Time(TimeUnit.MILLISECOND, 32);
    }
    return type;
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
  void everyCodecComesBack(CompressionCodecName codec) throws IOException {
    Schema schema = new Schema(List.of(NUMBER));
    try (VectorSchemaRoot batch = numbers(schema, 1000)) {
      ParquetFiles.write(file("f.parquet"), schema, codec, batch);
      try (ArrowBatch read = ParquetFiles.read(file("f.parquet"), 1000, allocator);
          ParquetFile parquet = open("f.parquet")) {
        assertThat(ComparableRows.of(read.root())).isEqualTo(ComparableRows.of(batch));
        assertThat(parquet.rowGroups().get(0).getColumns().get(0).getCodec()).isEqualTo(codec);
      }
    }
  }

  @Test
  void rowGroupsAreCutBySize() throws IOException {
    Schema schema = new Schema(List.of(NUMBER));
    try (VectorSchemaRoot batch = numbers(schema, 100_000)) {
      ParquetFiles.write(
          file("f.parquet"), schema, CompressionCodecName.UNCOMPRESSED, 100_000, batch);
      try (ParquetFile parquet = open("f.parquet")) {
        assertThat(parquet.rowGroups()).hasSizeBetween(3, 6);
        assertThat(parquet.rowGroups().stream().mapToLong(group -> group.getRowCount()).sum())
            .isEqualTo(100_000);
      }
    }
  }

  @Test
  void aNullWhereTheSchemaAllowsNoneIsNamed() {
    Field inner = Field.notNullable("inner", new ArrowType.Int(32, true));
    Field outer = new Field("outer", FieldType.nullable(new ArrowType.Struct()), List.of(inner));
    Schema schema = new Schema(List.of(outer));
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator)) {
      ((StructVector) batch.getVector(0)).setIndexDefined(0);
      batch.setRowCount(1);

      assertThatThrownBy(
              () -> ParquetFiles.write(file("f.parquet"), schema, CompressionCodecName.ZSTD, batch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Column 'outer.inner' is null in row 0 of a batch, but its schema allows no nulls");
    }
  }

  @Test
  void aBatchOfAnotherSchemaIsRefusedByColumn() {
    Schema promised = new Schema(List.of(NUMBER, Field.nullable("text", ArrowType.Utf8.INSTANCE)));
    Field binary = Field.nullable("text", ArrowType.Binary.INSTANCE);
    Field other = Field.nullable("other", ArrowType.Utf8.INSTANCE);

    assertThatThrownBy(() -> SchemaMatch.require(promised, new Schema(List.of(NUMBER))))
        .hasMessage("A batch has 1 columns, the sink's schema has 2");
    assertThatThrownBy(() -> SchemaMatch.require(promised, new Schema(List.of(NUMBER, binary))))
        .hasMessage("Column 'text' of a batch has the type Binary, in the sink's schema Utf8");
    assertThatThrownBy(() -> SchemaMatch.require(promised, new Schema(List.of(NUMBER, other))))
        .hasMessage("A batch has the column 'other' where the sink's schema has 'text'");
  }

  @Test
  void typesWithoutACounterpartAreRefusedWhenTheSinkIsBuilt() {
    Field duration = Field.nullable("took", new ArrowType.Duration(TimeUnit.SECOND));
    Field list = new Field("list", FieldType.nullable(ArrowType.List.INSTANCE), List.of(duration));
    Field interval =
        Field.nullable("interval", new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO));
    Field empty = new Field("empty", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of());

    assertThatThrownBy(() -> sink(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Column 'list.element' has the type Duration(SECOND), which cannot be written as Parquet; leave the column out");
    assertThatThrownBy(() -> sink(interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column 'interval' has the type Interval(MONTH_DAY_NANO)");
    assertThatThrownBy(() -> sink(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column 'empty' is a struct without fields");
    assertThatThrownBy(() -> sink())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one column");
  }

  private static ParquetSink sink(Field... columns) {
    return ParquetSink.builder()
        .path(new org.apache.flink.core.fs.Path("/tmp"))
        .schema(new Schema(List.of(columns)))
        .build();
  }

  private VectorSchemaRoot numbers(Schema schema, int rows) {
    VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
    IntVector vector = (IntVector) batch.getVector(0);
    IntStream.range(0, rows).forEach(row -> vector.setSafe(row, row * 7919));
    batch.setRowCount(rows);
    return batch;
  }

  private ParquetFile open(String name) throws IOException {
    return ParquetFile.open(file(name), folder.resolve(name).toFile().length());
  }

  private org.apache.flink.core.fs.Path file(String name) {
    return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
  }
}
