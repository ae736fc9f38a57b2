package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.number.NumberSet;
import java.math.BigDecimal;

/** Keywords that apply to numbers. */
final class NumberKeywords {
  private NumberKeywords() {}

  static NumberSet read(Subschema schema, String keyword) {
    return switch (keyword) {
      case "minimum" -> {
        BigDecimal bound = Keywords.number(schema, keyword);
        yield excludes(schema, "exclusiveMinimum")
            ? NumberSet.moreThan(bound)
            : NumberSet.atLeast(bound);
      }
      case "maximum" -> {
        BigDecimal bound = Keywords.number(schema, keyword);
        yield excludes(schema, "exclusiveMaximum")
            ? NumberSet.lessThan(bound)
            : NumberSet.atMost(bound);
      }
      case "exclusiveMinimum" ->
          schema.json().path(keyword).isBoolean()
              ? NumberSet.all()
              : NumberSet.moreThan(Keywords.number(schema, keyword));
      case "exclusiveMaximum" ->
          schema.json().path(keyword).isBoolean()
              ? NumberSet.all()
              : NumberSet.lessThan(Keywords.number(schema, keyword));
      case "multipleOf" -> multiples(schema);
      default -> throw new IllegalArgumentException(keyword);
    };
  }

  /** In draft 4, the exclusive keywords are booleans that change the others. */
  private static boolean excludes(Subschema schema, String keyword) {
    JsonNode value = schema.json().path(keyword);
    return value.isBoolean() && value.booleanValue();
  }

  private static NumberSet multiples(Subschema schema) {
    BigDecimal divisor = Keywords.number(schema, "multipleOf");
    if (divisor.signum() <= 0) {
      throw schema.error("multipleOf", "must be more than 0, but is " + divisor);
    }
    return NumberSet.multiplesOf(divisor);
  }
}
