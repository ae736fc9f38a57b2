package io.nightshift.connectors.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrowBatchSerializerTest {
  private final ArrowBatchSerializer serializer = new ArrowBatchSerializer();

  @AfterEach
  void noBufferIsLeft() {
    assertThat(ArrowMemory.allocator().getAllocatedMemory()).isZero();
  }

  @Test
  void whatIsWrittenIsReadBackRecordByRecord() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(TextBatches.of("one", null, "three"), out);
    serializer.serialize(TextBatches.of(), out);
    serializer.serialize(numbers(3), out);
    serializer.serialize(TextBatches.of("four"), out);

    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    ArrowBatchSerializer reader = new ArrowBatchSerializer();
    try (ArrowBatch first = reader.deserialize(in);
        ArrowBatch empty = reader.deserialize(in);
        ArrowBatch numbers = reader.deserialize(in);
        ArrowBatch last = reader.deserialize(in)) {
      assertThat(TextBatches.texts(first)).containsExactly("one", null, "three");
      assertThat(empty.rows()).isZero();
      assertThat(numbers.root().getVector("lists").getObject(2)).isEqualTo(List.of(0, 1));
      assertThat(TextBatches.texts(last)).containsExactly("four");
    }
    assertThat(in.available()).isZero();
  }

  @Test
  void aPlainOutputStreamGetsTheSameBytes() throws IOException {
    String text = "x".repeat(20_000);
    DataOutputSerializer segments = new DataOutputSerializer(16);
    serializer.serialize(TextBatches.of(text, "y"), segments);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    serializer.serialize(TextBatches.of(text, "y"), new DataOutputViewStreamWrapper(stream));
    assertThat(stream.toByteArray()).isEqualTo(segments.getCopyOfBuffer());
  }

  @Test
  void aRecordIsCopiedWithoutBeingRead() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(TextBatches.of("a", "bc"), out);
    serializer.serialize(TextBatches.of("d"), out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    DataOutputSerializer copies = new DataOutputSerializer(16);
    serializer.copy(in, copies);
    serializer.copy(in, copies);
    assertThat(copies.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
  }

  @Test
  void chainedOperatorsPassTheVeryObject() {
    try (ArrowBatch batch = TextBatches.of("a")) {
      assertThat(serializer.copy(batch)).isSameAs(batch);
    }
  }

  @Test
  void anyTruncationIsAnErrorThatLeavesNothingBehind() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(TextBatches.of("one", "two"), out);
    byte[] whole = out.getCopyOfBuffer();
    for (int length = 0; length < whole.length; length += 3) {
      DataInputDeserializer in = new DataInputDeserializer(whole, 0, length);
      assertThatThrownBy(() -> serializer.deserialize(in)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void aFailingOutputStillFreesTheBatch() {
    ByteArrayOutputStream full =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            throw new IllegalStateException("disk full");
          }
        };
    assertThatThrownBy(
            () -> serializer.serialize(TextBatches.of("a"), new DataOutputViewStreamWrapper(full)))
        .hasMessage("disk full");
  }

  @Test
  void dictionaryEncodedColumnsAreRefusedByName() {
    FieldType encoded =
        new FieldType(
            true, MinorType.INT.getType(), new DictionaryEncoding(1, false, /* indexType= */ null));
    Schema schema = new Schema(List.of(new Field("queue", encoded, null)));
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, ArrowMemory.allocator());
    assertThatThrownBy(
            () -> serializer.serialize(new ArrowBatch(root), new DataOutputSerializer(16)))
        .hasMessageContaining("queue")
        .hasMessageContaining("dictionary");
  }

  @Test
  void flinkFindsTheTypeAndItsSnapshotIsCompatible() throws Exception {
    TypeInformation<ArrowBatch> type = TypeInformation.of(ArrowBatch.class);
    assertThat(type).isEqualTo(ArrowBatchTypeInformation.INSTANCE);
    assertThat(type.createSerializer(new SerializerConfigImpl())).isEqualTo(serializer);
    TypeSerializerSchemaCompatibility<ArrowBatch> compatibility =
        serializer
            .snapshotConfiguration()
            .resolveSchemaCompatibility(serializer.duplicate().snapshotConfiguration());
    assertThat(compatibility.isCompatibleAsIs()).isTrue();
  }

  /** Rows [], [0], [0, 1] and so on, in the column "lists". */
  private static ArrowBatch numbers(int rows) {
    ListVector lists = ListVector.empty("lists", ArrowMemory.allocator());
    UnionListWriter writer = lists.getWriter();
    for (int row = 0; row < rows; row++) {
      writer.setPosition(row);
      writer.startList();
      for (int i = 0; i < row; i++) {
        writer.writeInt(i);
      }
      writer.endList();
    }
    lists.setValueCount(rows);
    return new ArrowBatch(new VectorSchemaRoot(List.of(lists.getField()), List.of(lists), rows));
  }
}
