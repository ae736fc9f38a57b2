package io.nightshift.operators.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a request that go along with its prompt. A line makes as many requests as its
 * response has choices or embeddings. Not thread-safe.
 */
public final class RequestColumns implements AutoCloseable {
  static final String CUSTOM_ID = "custom_id";
  static final String PART = "part";
  static final String PARTS = "parts";
  static final String PARAMETERS = "parameters";
  static final String ERROR_PARAMETER = "error_parameter";

  /** The schema of these columns. */
  public static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable(CUSTOM_ID, ArrowType.Utf8.INSTANCE),
              Field.nullable(PART, new ArrowType.Int(32, true)),
              Field.nullable(PARTS, new ArrowType.Int(32, true)),
              Field.nullable(PARAMETERS, ArrowType.Utf8.INSTANCE),
              Field.nullable(ERROR_PARAMETER, ArrowType.Utf8.INSTANCE)));

  private final ArrowRowCodec codec = new ArrowRowCodec(SCHEMA);
  private final VectorSchemaRoot row;

  RequestColumns(BufferAllocator allocator) {
    row = VectorSchemaRoot.create(SCHEMA, allocator);
  }

  /**
   * Encodes a row.
   *
   * @param part number of the request among those of its line, from 0
   * @param parts their number
   * @param parameters as JSON; null for an error
   * @param errorParameter that an error is about; null if it is about none
   */
  byte[] encode(
      String customId,
      int part,
      int parts,
      @Nullable String parameters,
      @Nullable String errorParameter) {
    row.getFieldVectors().forEach(FieldVector::reset);
    set(CUSTOM_ID, customId);
    ((IntVector) row.getVector(PART)).setSafe(0, part);
    ((IntVector) row.getVector(PARTS)).setSafe(0, parts);
    set(PARAMETERS, parameters);
    set(ERROR_PARAMETER, errorParameter);
    row.setRowCount(1);
    return codec.encode(row, 0);
  }

  private void set(String column, @Nullable String value) {
    VarCharVector vector = (VarCharVector) row.getVector(column);
    if (value == null) {
      vector.setNull(0);
    } else {
      vector.setSafe(0, value.getBytes(UTF_8));
    }
  }

  /** The number of a request among those of its line, and the text of its parameters. */
  record Decoded(int part, String parameters) {}

  /** Decodes a row that is no error. */
  Decoded decode(byte[] columns) {
    row.getFieldVectors().forEach(FieldVector::reset);
    codec.decode(columns, row, 0);
    return new Decoded(
        ((IntVector) row.getVector(PART)).get(0),
        new String(((VarCharVector) row.getVector(PARAMETERS)).get(0), UTF_8));
  }

  @Override
  public void close() {
    row.close();
  }
}
