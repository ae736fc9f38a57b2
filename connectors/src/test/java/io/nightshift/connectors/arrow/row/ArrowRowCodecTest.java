package io.nightshift.connectors.arrow.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowRowCodecTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void randomRowsOfRandomSchemasComeBackInAnyOrder() {
    for (int seed = 0; seed < 300; seed++) {
      RandomBatches random = RandomBatches.withIntervals(seed);
      Schema schema = random.schema();
      List<Integer> order = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
      Collections.shuffle(order, new Random(seed));
      ArrowRowCodec codec = new ArrowRowCodec(schema);
      try (VectorSchemaRoot original = random.batch(schema, order.size(), allocator);
          VectorSchemaRoot shuffled = VectorSchemaRoot.create(schema, allocator);
          VectorSchemaRoot restored = VectorSchemaRoot.create(schema, allocator)) {
        copyRows(codec, original, order, shuffled);
        List<Integer> inverse =
            IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
        copyRows(codec, shuffled, inverse, restored);

        for (int column = 0; column < schema.getFields().size(); column++) {
          assertThat(
                  VectorEqualsVisitor.vectorEquals(
                      original.getVector(column), restored.getVector(column)))
              .as("seed %d, column %s", seed, schema.getFields().get(column))
              .isTrue();
        }
      }
    }
  }

  private static void copyRows(
      ArrowRowCodec codec, VectorSchemaRoot from, List<Integer> rows, VectorSchemaRoot to) {
    for (int row = 0; row < rows.size(); row++) {
      codec.decode(codec.encode(from, rows.get(row)), to, row);
    }
    to.setRowCount(rows.size());
  }

  @Test
  void aListOfNumbersCostsItsBytesAndAFewMore() {
    Field element = Field.notNullable("element", new ArrowType.Int(32, true));
    Field tokens =
        new Field("tokens", FieldType.notNullable(new ArrowType.List()), List.of(element));
    Schema schema = new Schema(List.of(tokens));
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator)) {
      ListVector lists = (ListVector) batch.getVector(0);
      IntVector elements = (IntVector) lists.getDataVector();
      int first = lists.startNewValue(0);
      for (int token = 0; token < 1000; token++) {
        elements.setSafe(first + token, token);
      }
      lists.endValue(0, 1000);
      batch.setRowCount(1);

      assertThat(new ArrowRowCodec(schema).encode(batch, 0)).hasSize(4 * 1000 + 4);
    }
  }

  @Test
  void refusesTypesThatParquetDoesNotGive() {
    FieldType encoded =
        new FieldType(
            true,
            new ArrowType.Utf8(),
            new DictionaryEncoding(1, false, new ArrowType.Int(8, true)));
    for (Field field :
        List.of(
            Field.nullable("strange", new ArrowType.Utf8View()),
            new Field("strange", encoded, null))) {
      assertThatThrownBy(() -> new ArrowRowCodec(new Schema(List.of(field))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Column 'strange'");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 6})
  void refusesBytesOfAnotherLength(int length) {
    Schema schema = new Schema(List.of(Field.nullable("id", new ArrowType.Int(32, true))));
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator)) {
      assertThatThrownBy(() -> new ArrowRowCodec(schema).decode(new byte[length], batch, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("schema");
    }
  }
}
