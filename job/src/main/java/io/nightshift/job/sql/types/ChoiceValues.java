package io.nightshift.job.sql.types;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.CharType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarCharType;

/**
 * The values that a column is restricted to, as those of its type.
 *
 * @param path of the column or field, for messages
 * @param type of the values
 */
record ChoiceValues(String path, LogicalType type) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  /** The values of an enumeration in JSON Schema. */
  ArrayNode of(List<String> choices) {
    Set<JsonNode> distinct = new HashSet<>();
    ArrayNode values = JSON.arrayNode();
    for (String choice : choices) {
      JsonNode value = value(choice);
      if (!distinct.add(value)) {
        throw error("is one of some values, but %s is there twice: remove one".formatted(choice));
      }
      values.add(value);
    }
    return values;
  }

  private JsonNode value(String choice) {
    return switch (type.getTypeRoot()) {
      case CHAR -> {
        int length = ((CharType) type).getLength();
        yield text(choice, length, length);
      }
      case VARCHAR -> text(choice, 1, ((VarCharType) type).getLength());
      case TINYINT -> integer(choice, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> integer(choice, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> integer(choice, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> integer(choice, Long.MIN_VALUE, Long.MAX_VALUE);
      default ->
          throw error(
              "has the type %s, whose values cannot be listed: declare it as STRING or as an"
                      .formatted(type.asSummaryString())
                  + " integer, or an ARRAY of these");
    };
  }

  private JsonNode text(String choice, int minLength, int maxLength) {
    int length = choice.codePointCount(0, choice.length());
    if (length < minLength || length > maxLength) {
      throw notOfType(choice);
    }
    return JSON.textNode(choice);
  }

  private JsonNode integer(String choice, long minimum, long maximum) {
    try {
      long value = new BigDecimal(choice).longValueExact();
      if (value < minimum || value > maximum) {
        throw notOfType(choice);
      }
      return JSON.numberNode(value);
    } catch (NumberFormatException e) {
      throw notOfType(choice);
    } catch (ArithmeticException e) {
      throw notOfType(choice);
    }
  }

  private ValidationException notOfType(String choice) {
    return error(
        "is one of some values, but '%s' is none of its type %s: correct the value or the type"
            .formatted(choice, type.asSummaryString()));
  }

  private ValidationException error(String message) {
    return new ValidationException("the output column " + path + " " + message);
  }
}
