package io.nightshift.connectors.units;

import io.nightshift.connectors.arrow.TextVectors;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A row of a work unit in tests, with columns of several types behind its key.
 *
 * @param columns encoded by {@link ArrowRowCodec}
 */
@SuppressWarnings("ArrayRecordComponent") // Rows are handed over, never compared.
record TestRow(
    int[] key,
    String file,
    long row,
    byte[] columns,
    @Nullable String code,
    @Nullable String message) {
  static final KeyNames KEY = new KeyNames("key", "shared", "test.elements", "test.stored");

  /**
   * @param kept schema of {@link #columns}
   */
  static WorkUnitFormat<TestRow> format(Schema kept) {
    return new Format(kept);
  }

  private record Format(Schema kept) implements WorkUnitFormat<TestRow> {
    @Override
    public KeyNames keyNames() {
      return KEY;
    }

    @Override
    public List<Field> fields() {
      return List.of(
          Field.notNullable("file", ArrowType.Utf8.INSTANCE),
          Field.notNullable("row", new ArrowType.Int(64, true)),
          Field.nullable("code", ArrowType.Utf8.INSTANCE),
          Field.nullable("message", ArrowType.Utf8.INSTANCE),
          new Field("columns", FieldType.notNullable(ArrowType.Struct.INSTANCE), kept.getFields()));
    }

    @Override
    public int[] key(TestRow row) {
      return row.key();
    }

    @Override
    public ColumnWriter<TestRow> columnWriter(VectorSchemaRoot batch) {
      StructVector struct = (StructVector) batch.getVector("columns");
      VectorSchemaRoot columns = new VectorSchemaRoot(struct.getChildrenFromFields());
      ArrowRowCodec codec = new ArrowRowCodec(kept);
      return (row, index) -> {
        TextVectors.set((VarCharVector) batch.getVector("file"), index, row.file());
        ((BigIntVector) batch.getVector("row")).setSafe(index, row.row());
        TextVectors.set((VarCharVector) batch.getVector("code"), index, row.code());
        TextVectors.set((VarCharVector) batch.getVector("message"), index, row.message());
        struct.setIndexDefined(index);
        codec.decode(row.columns(), columns, index);
        return row.columns().length;
      };
    }
  }
}
