package io.nightshift.operators.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.connectors.input.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object in a body. It remembers which have been read, so that what nobody
 * honors is found. A field that is null counts as absent.
 */
final class BodyFields {
  private final String path;
  private final ObjectNode node;
  private final Set<String> read = new HashSet<>();

  /**
   * @param path of the object in the body, with a dot at its end; empty for the body itself
   */
  BodyFields(String path, ObjectNode node) {
    this.path = path;
    this.node = node;
  }

  /** The object at an element of a list. */
  static BodyFields element(String list, int index, JsonNode node) throws BodyException {
    String path = list + "[" + index + "]";
    if (!(node instanceof ObjectNode object)) {
      throw BodyException.invalidType(path, "an object");
    }
    return new BodyFields(path + ".", object);
  }

  /** The name of a field in error messages. */
  String name(String key) {
    return path + key;
  }

  Optional<JsonNode> find(String key) {
    read.add(key);
    @Nullable JsonNode value = node.get(key);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  JsonNode require(String key) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      throw BodyException.missing(name(key));
    }
    return value.get();
  }

  Optional<String> text(String key) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && !value.get().isTextual()) {
      throw BodyException.invalidType(name(key), "a string");
    }
    return value.map(JsonNode::textValue);
  }

  String requireText(String key) throws BodyException {
    require(key);
    return text(key).orElseThrow();
  }

  boolean flag(String key, boolean otherwise) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw BodyException.invalidType(name(key), "true or false");
    }
    return value.map(JsonNode::booleanValue).orElse(otherwise);
  }

  /** A positive minimum is the smallest number over 0 that the engine has. */
  double number(String key, double minimum, double maximum, double otherwise) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (!value.get().isNumber()) {
      throw BodyException.invalidType(name(key), "a number");
    }
    double number = value.get().doubleValue();
    if (!(number >= minimum && number <= maximum)) {
      String range =
          minimum > 0
              ? "over 0 and at most %s".formatted(maximum)
              : "from %s to %s".formatted(minimum, maximum);
      throw BodyException.invalidValue(name(key), "is %s; it must be %s".formatted(number, range));
    }
    return number;
  }

  Optional<Long> integer(String key, long minimum, long maximum) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.get().isIntegralNumber()) {
      throw BodyException.invalidType(name(key), "an integer");
    }
    if (!value.get().canConvertToLong()
        || value.get().longValue() < minimum
        || value.get().longValue() > maximum) {
      throw BodyException.invalidValue(
          name(key),
          "is %s; it must be from %s to %s".formatted(value.get().asText(), minimum, maximum));
    }
    return Optional.of(value.get().longValue());
  }

  Optional<BodyFields> object(String key) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof ObjectNode object)) {
      throw BodyException.invalidType(name(key), "an object");
    }
    return Optional.of(new BodyFields(name(key) + ".", object));
  }

  Optional<List<JsonNode>> list(String key) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.get().isArray()) {
      throw BodyException.invalidType(name(key), "a list");
    }
    List<JsonNode> items = new ArrayList<>();
    value.get().forEach(items::add);
    return Optional.of(items);
  }

  /** A list of strings, or a string by itself. */
  Optional<List<String>> texts(String key) throws BodyException {
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && value.get().isTextual()) {
      return Optional.of(List.of(value.get().textValue()));
    }
    Optional<List<JsonNode>> items = list(key);
    if (items.isEmpty()) {
      return Optional.empty();
    }
    if (!items.get().stream().allMatch(JsonNode::isTextual)) {
      throw BodyException.invalidType(name(key), "a string or a list of strings");
    }
    return Optional.of(items.get().stream().map(JsonNode::textValue).toList());
  }

  /** The names of the fields that have a value. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    keys.removeIf(key -> node.get(key).isNull());
    return keys;
  }

  /**
   * Checks that all fields have been read or, in the body itself, are such that it makes no
   * difference.
   *
   * @param supported what is, for the message
   */
  void requireAllRead(String supported) throws BodyException {
    for (String key : keys()) {
      boolean neutral = path.isEmpty() && NeutralFields.isNeutral(key, node.get(key));
      if (!read.contains(key) && !neutral) {
        throw BodyException.unsupported(
            name(key),
            NeutralFields.remedy(key)
                .or(() -> misspelled(key).map("did you mean '%s'?"::formatted))
                .orElse("remove it; " + supported));
      }
    }
  }

  /** The field that a name was meant to be. */
  private Optional<String> misspelled(String key) {
    return NearestName.of(key, read.stream().sorted().toList());
  }
}
