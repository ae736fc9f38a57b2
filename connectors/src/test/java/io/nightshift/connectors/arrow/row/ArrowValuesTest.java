package io.nightshift.connectors.arrow.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.schema.FieldMetadata;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrowValuesTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void numbers() throws InvalidUtf8Exception {
    try (IntVector integers = new IntVector("i", allocator);
        UInt8Vector unsigned = new UInt8Vector("u", allocator);
        Float4Vector floats = new Float4Vector("f", allocator);
        BitVector booleans = new BitVector("b", allocator);
        DecimalVector decimals = new DecimalVector("d", allocator, 10, 2)) {
      integers.setSafe(0, -7);
      integers.setNull(1);
      unsigned.setSafe(0, 7);
      unsigned.setSafe(1, -1);
      floats.setSafe(0, 0.5f);
      booleans.setSafe(0, 1);
      decimals.setSafe(0, new BigDecimal("12.50"));

      assertThat(ArrowValues.read(integers, 0)).isEqualTo(-7L);
      assertThat(ArrowValues.read(integers, 1)).isNull();
      assertThat(ArrowValues.read(unsigned, 0)).isEqualTo(7L);
      assertThat(ArrowValues.read(unsigned, 1)).isEqualTo(new BigDecimal("18446744073709551615"));
      assertThat(ArrowValues.read(floats, 0)).isEqualTo(0.5);
      assertThat(ArrowValues.read(booleans, 0)).isEqualTo(true);
      assertThat(ArrowValues.read(decimals, 0)).isEqualTo(new BigDecimal("12.50"));
      assertThat(ArrowValues.read(new NullVector("n", 3), 1)).isNull();
    }
  }

  @Test
  void datesAndTimes() throws InvalidUtf8Exception {
    try (DateDayVector dates = new DateDayVector("d", allocator);
        TimeMicroVector times = new TimeMicroVector("t", allocator);
        TimeStampMilliVector local = new TimeStampMilliVector("l", allocator);
        TimeStampNanoTZVector instants = new TimeStampNanoTZVector("i", allocator, "UTC")) {
      dates.setSafe(0, -1);
      times.setSafe(0, 1_000_001);
      local.setSafe(0, -1);
      instants.setSafe(0, -1);

      assertThat(ArrowValues.read(dates, 0)).isEqualTo(LocalDate.of(1969, 12, 31));
      assertThat(ArrowValues.read(times, 0)).isEqualTo(LocalTime.parse("00:00:01.000001"));
      assertThat(ArrowValues.read(local, 0))
          .isEqualTo(LocalDateTime.parse("1969-12-31T23:59:59.999"));
      assertThat(ArrowValues.read(instants, 0))
          .isEqualTo(Instant.parse("1969-12-31T23:59:59.999999999Z"));
    }
  }

  @Test
  void bytesAndUuids() throws InvalidUtf8Exception {
    FieldType uuid =
        new FieldType(
            true,
            new ArrowType.FixedSizeBinary(16),
            null,
            Map.of(FieldMetadata.LOGICAL_TYPE, "UUID"));
    try (VarBinaryVector binary = new VarBinaryVector("b", allocator);
        FixedSizeBinaryVector fixed = new FixedSizeBinaryVector("f", allocator, 3);
        FixedSizeBinaryVector uuids = new FixedSizeBinaryVector("u", uuid, allocator)) {
      binary.setSafe(0, new byte[] {1, 2});
      fixed.setSafe(0, new byte[] {3, 4, 5});
      uuids.setSafe(0, HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));

      assertThat(ArrowValues.read(binary, 0)).isEqualTo(new byte[] {1, 2});
      assertThat(ArrowValues.read(fixed, 0)).isEqualTo(new byte[] {3, 4, 5});
      assertThat(ArrowValues.read(uuids, 0)).isEqualTo("00112233-4455-6677-8899-aabbccddeeff");
    }
  }

  @Test
  void everyTypeOfParquetHasAPlainValue() throws InvalidUtf8Exception {
    for (int seed = 0; seed < 100; seed++) {
      RandomBatches random = RandomBatches.withIntervals(seed);
      Schema schema = random.schema();
      try (VectorSchemaRoot batch = random.batch(schema, 10, allocator)) {
        for (FieldVector vector : batch.getFieldVectors()) {
          for (int row = 0; row < batch.getRowCount(); row++) {
            assertThat(ArrowValues.read(vector, row) == null).isEqualTo(vector.isNull(row));
          }
        }
      }
    }
  }

  @Test
  void nestedValues() throws InvalidUtf8Exception {
    Field number = Field.nullable("number", new ArrowType.Int(32, true));
    Field key = Field.notNullable(MapVector.KEY_NAME, new ArrowType.Utf8());
    Field item = Field.nullable(MapVector.VALUE_NAME, new ArrowType.Int(32, true));
    Field entry =
        new Field(
            MapVector.DATA_VECTOR_NAME,
            FieldType.notNullable(new ArrowType.Struct()),
            List.of(key, item));
    Field map = new Field("map", FieldType.nullable(new ArrowType.Map(false)), List.of(entry));
    Field list = new Field("list", FieldType.nullable(new ArrowType.List()), List.of(number));
    Field struct = new Field("s", FieldType.nullable(new ArrowType.Struct()), List.of(list, map));
    try (StructVector structs = (StructVector) struct.createVector(allocator)) {
      structs.allocateNew();
      ListVector lists = structs.getChild("list", ListVector.class);
      ((IntVector) lists.getDataVector()).setSafe(0, 5);
      lists.getDataVector().setNull(1);
      lists.startNewValue(0);
      lists.endValue(0, 2);
      MapVector maps = structs.getChild("map", MapVector.class);
      StructVector entries = (StructVector) maps.getDataVector();
      ((VarCharVector) entries.getChildByOrdinal(0))
          .setSafe(0, "ä".getBytes(StandardCharsets.UTF_8));
      ((IntVector) entries.getChildByOrdinal(1)).setSafe(0, 9);
      entries.setIndexDefined(0);
      maps.startNewValue(0);
      maps.endValue(0, 1);
      structs.setIndexDefined(0);
      structs.setValueCount(1);

      Map<String, Object> expected = new LinkedHashMap<>();
      expected.put("list", Arrays.asList(5L, null));
      expected.put("map", Map.of("ä", 9L));
      assertThat(ArrowValues.read(structs, 0)).isEqualTo(expected);
    }
  }

  @Test
  void textThatIsNotUtf8IsReportedAndReplacementCharactersAreNot() throws InvalidUtf8Exception {
    try (VarCharVector texts = new VarCharVector("body", allocator)) {
      texts.setSafe(0, "fine \uFFFD €".getBytes(StandardCharsets.UTF_8));
      texts.setSafe(1, new byte[] {'a', 'b', (byte) 0xff, 'c'});
      texts.setSafe(2, new byte[] {'a', (byte) 0xe2, (byte) 0x82});

      assertThat(ArrowValues.read(texts, 0)).isEqualTo("fine \uFFFD €");
      assertThatThrownBy(() -> ArrowValues.read(texts, 1))
          .isInstanceOf(InvalidUtf8Exception.class)
          .hasMessage(
              "Column 'body' holds text that is not valid UTF-8: byte 0xff at position 2 of 4");
      assertThatThrownBy(() -> ArrowValues.read(texts, 2))
          .isInstanceOf(InvalidUtf8Exception.class)
          .hasMessageContaining("byte 0xe2 at position 1 of 3");
    }
  }
}
