package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** Checked values of keywords. */
final class Keywords {
  private Keywords() {}

  /** A size or length: an integer, 0 or more; larger than an int means no limit in practice. */
  static int size(Subschema schema, String keyword) {
    BigDecimal value = number(schema, keyword);
    if (value.signum() < 0 || value.stripTrailingZeros().scale() > 0) {
      throw schema.error(keyword, "must be an integer, 0 or more, but is " + value);
    }
    return value.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
  }

  static BigDecimal number(Subschema schema, String keyword) {
    JsonNode value = schema.json().path(keyword);
    if (!value.isNumber()) {
      throw schema.error(keyword, "must be a number");
    }
    return value.decimalValue();
  }

  static String text(Subschema schema, String keyword) {
    JsonNode value = schema.json().path(keyword);
    if (!value.isTextual()) {
      throw schema.error(keyword, "must be a string");
    }
    return value.textValue();
  }

  static boolean flag(Subschema schema, String keyword) {
    JsonNode value = schema.json().path(keyword);
    if (!value.isBoolean()) {
      throw schema.error(keyword, "must be true or false");
    }
    return value.booleanValue();
  }
}
