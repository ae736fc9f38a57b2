package io.nightshift.job.sql.types;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.types.logical.RowType;

/** Reads objects with a property for each field of a row. */
final class RowReader implements ValueReader {
  private final List<ValueReader> fields = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();

  RowReader(RowType type) {
    for (RowType.RowField field : type.getFields()) {
      positions.put(field.getName(), fields.size());
      fields.add(ValueReaders.of(field.getType()));
    }
  }

  @Override
  public GenericRowData read(JsonParser parser) throws IOException {
    GenericRowData row = new GenericRowData(fields.size());
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Integer position = positions.get(parser.currentName());
      if (position == null) {
        throw new IOException("no field has the name " + parser.currentName());
      }
      parser.nextToken();
      row.setField(position, fields.get(position).read(parser));
    }
    return row;
  }
}
