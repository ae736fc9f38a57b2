package io.nightshift.connectors.jsonl.decode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/** Writes values of lines into vectors of the types that the values were found to have. */
final class VectorCells {
  private VectorCells() {}

  /**
   * @throws ClassCastException if the value is not one of the vector's type
   */
  static void write(FieldVector vector, int index, @Nullable Object value) {
    if (value == null) {
      vector.setNull(index);
    } else if (vector instanceof BitVector booleans) {
      booleans.setSafe(index, (Boolean) value ? 1 : 0);
    } else if (vector instanceof BigIntVector integers) {
      integers.setSafe(index, (Long) value);
    } else if (vector instanceof Float8Vector numbers) {
      numbers.setSafe(index, ((Number) value).doubleValue());
    } else if (vector instanceof VarCharVector texts) {
      texts.setSafe(index, utf8(value));
    } else if (vector instanceof ListVector lists) {
      writeList(lists, index, (List<?>) value);
    } else if (vector instanceof StructVector structs) {
      structs.setIndexDefined(index);
      for (FieldVector field : structs.getChildrenFromFields()) {
        write(field, index, ((Map<?, ?>) value).get(field.getName()));
      }
    } else {
      vector.setNull(index); // of the null type: lists without elements, objects without keys
    }
  }

  private static void writeList(ListVector lists, int index, List<?> items) {
    int first = lists.startNewValue(index);
    FieldVector elements = lists.getDataVector();
    for (int i = 0; i < items.size(); i++) {
      write(elements, first + i, items.get(i));
    }
    lists.endValue(index, items.size());
  }

  private static byte[] utf8(Object value) {
    return value instanceof byte[] bytes
        ? bytes
        : ((String) value).getBytes(StandardCharsets.UTF_8);
  }
}
