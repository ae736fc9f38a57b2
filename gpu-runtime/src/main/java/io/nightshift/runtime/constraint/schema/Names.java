package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Lists of names of properties. */
final class Names {
  private Names() {}

  static List<String> read(Subschema schema, String keyword, JsonNode names) {
    List<String> list = new ArrayList<>();
    for (JsonNode name : names) {
      if (name.isTextual()) {
        list.add(name.textValue());
      }
    }
    if (!names.isArray() || list.size() < names.size()) {
      throw schema.error(keyword, "must be an array of names of properties");
    }
    return list;
  }
}
