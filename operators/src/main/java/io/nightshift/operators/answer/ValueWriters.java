package io.nightshift.operators.answer;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;

import com.fasterxml.jackson.core.JsonParser;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/** How the values of each type are written. A null, and an integer beyond 64 bits, stays unset. */
final class ValueWriters {
  private ValueWriters() {}

  static ValueWriter of(FieldVector vector) {
    ValueWriter writer = ofValues(vector);
    return (values, index) -> {
      if (values.parser().currentToken() != VALUE_NULL) {
        writer.write(values, index);
      }
    };
  }

  private static ValueWriter ofValues(FieldVector vector) {
    if (vector instanceof VarCharVector strings) {
      return Shape.isJson(vector.getField())
          ? (values, index) -> strings.setSafe(index, values.text())
          : (values, index) -> strings.setSafe(index, values.string());
    }
    if (vector instanceof BigIntVector integers) {
      return (values, index) -> {
        if (values.parser().getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
          integers.setSafe(index, values.parser().getLongValue());
        }
      };
    }
    if (vector instanceof Float8Vector numbers) {
      return (values, index) -> numbers.setSafe(index, values.parser().getDoubleValue());
    }
    if (vector instanceof BitVector booleans) {
      return (values, index) -> booleans.setSafe(index, values.parser().getBooleanValue() ? 1 : 0);
    }
    if (vector instanceof MapVector map) {
      return map(map);
    }
    if (vector instanceof ListVector list) {
      return list(list);
    }
    return struct((StructVector) vector);
  }

  private static ValueWriter list(ListVector list) {
    ValueWriter items = of(list.getDataVector());
    return (values, index) -> {
      int start = list.startNewValue(index);
      int item = start;
      while (values.parser().nextToken() != END_ARRAY) {
        items.write(values, item++);
      }
      list.endValue(index, item - start);
    };
  }

  private static ValueWriter map(MapVector map) {
    StructVector entries = (StructVector) map.getDataVector();
    VarCharVector names = (VarCharVector) entries.getChildByOrdinal(0);
    ValueWriter members = of((FieldVector) entries.getChildByOrdinal(1));
    return (values, index) -> {
      int start = map.startNewValue(index);
      int entry = start;
      while (values.parser().nextToken() != END_OBJECT) {
        entries.setIndexDefined(entry);
        names.setSafe(entry, values.string());
        values.parser().nextToken();
        members.write(values, entry++);
      }
      map.endValue(index, entry - start);
    };
  }

  private static ValueWriter struct(StructVector struct) {
    Map<String, ValueWriter> members = new HashMap<>();
    for (FieldVector child : struct.getChildrenFromFields()) {
      members.put(child.getName(), of(child));
    }
    return (values, index) -> {
      struct.setIndexDefined(index);
      while (values.parser().nextToken() != END_OBJECT) {
        ValueWriter member = members.get(values.parser().currentName());
        values.parser().nextToken();
        if (member == null) {
          values.parser().skipChildren();
        } else {
          member.write(values, index);
        }
      }
    };
  }
}
