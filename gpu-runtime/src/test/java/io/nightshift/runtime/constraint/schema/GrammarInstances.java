package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.util.automaton.Operations;

/** Whether a grammar has a text for a JSON value, whatever the order of its properties. */
final class GrammarInstances {
  private GrammarInstances() {}

  static boolean accepts(ValueRule rule, JsonNode value) {
    return rule.alternatives().stream().anyMatch(alternative -> accepts(alternative, value));
  }

  private static boolean accepts(Alternative alternative, JsonNode value) {
    if (alternative instanceof LiteralAlternative literal) {
      return (value.isBoolean() || value.isNull()) && value.asText().equals(literal.text());
    }
    if (alternative instanceof NumberAlternative number) {
      return value.isNumber() && Operations.run(number.text(), text(value.decimalValue()));
    }
    if (alternative instanceof StringAlternative string) {
      return value.isTextual() && accepts(string, value.textValue());
    }
    if (alternative instanceof ArrayAlternative array) {
      return value.isArray() && accepts(array, value);
    }
    return value.isObject() && accepts((ObjectAlternative) alternative, value);
  }

  private static String text(BigDecimal number) {
    return number.toPlainString();
  }

  private static boolean accepts(StringAlternative string, String value) {
    int length = value.codePointCount(0, value.length());
    return length >= string.minLength()
        && length <= string.maxLength()
        && Operations.run(string.content(), value);
  }

  private static boolean accepts(ArrayAlternative array, JsonNode value) {
    int size = value.size();
    if (size < array.minItems() || size > array.maxItems()) {
      return false;
    }
    Set<String> seen = new HashSet<>();
    int mayCount = 0;
    int mustCount = 0;
    for (int i = 0; i < size; i++) {
      ArrayAlternative.Item item = i < array.prefix().size() ? array.prefix().get(i) : array.rest();
      boolean matching = accepts(item.matching(), value.get(i));
      boolean other = accepts(item.other(), value.get(i));
      if (!matching && !other) {
        return false;
      }
      mayCount += matching ? 1 : 0;
      mustCount += other ? 0 : 1;
      JsonNode node = value.get(i);
      String key =
          node.isNumber() ? text(node.decimalValue().stripTrailingZeros()) : node.toString();
      if (array.uniqueItems() && !seen.add(key)) {
        return false;
      }
    }
    return mayCount >= array.minContains() && mustCount <= array.maxContains();
  }

  private static boolean accepts(ObjectAlternative object, JsonNode value) {
    if (value.size() < object.minProperties() || value.size() > object.maxProperties()) {
      return false;
    }
    Set<String> left = new HashSet<>();
    value.fieldNames().forEachRemaining(left::add);
    for (ObjectAlternative.Property property : object.properties()) {
      boolean present = left.remove(property.name());
      if (present ? !accepts(property.value(), value.get(property.name())) : property.required()) {
        return false;
      }
    }
    return left.stream().allMatch(name -> acceptsAdditional(object, name, value.get(name)));
  }

  private static boolean acceptsAdditional(ObjectAlternative object, String name, JsonNode value) {
    return object.additional().stream()
        .anyMatch(kind -> Operations.run(kind.names(), name) && accepts(kind.value(), value));
  }
}
