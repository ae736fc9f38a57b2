package io.nightshift.connectors.arrow.row;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Rows as plain values that compare by content, byte arrays included. */
public final class ComparableRows {
  private ComparableRows() {}

  public static List<List<@Nullable Object>> of(VectorSchemaRoot batch)
      throws InvalidUtf8Exception {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.getRowCount(); row++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (FieldVector vector : batch.getFieldVectors()) {
        values.add(comparable(ArrowValues.read(vector, row)));
      }
      rows.add(values);
    }
    return rows;
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    if (value instanceof List<?> elements) {
      List<@Nullable Object> result = new ArrayList<>();
      elements.forEach(element -> result.add(comparable(element)));
      return result;
    }
    if (value instanceof Map<?, ?> entries) {
      Map<@Nullable Object, @Nullable Object> result = new LinkedHashMap<>();
      entries.forEach((key, item) -> result.put(comparable(key), comparable(item)));
      return result;
    }
    return value;
  }
}
