package io.nightshift.runtime.model.huggingface.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A JSON object in a file, or a nested object. A null value is treated as absent. A getter throws
 * {@link ModelFormatException}, which names the file and the key, if the value has another type.
 */
public final class JsonFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Configuration files are kilobytes; the index of a thousand shards is some megabytes. */
  private static final long MAX_BYTES = 100 << 20;

  private final Path path;
  private final String prefix;
  private final JsonNode object;

  private JsonFile(Path path, String prefix, JsonNode object) {
    this.path = path;
    this.prefix = prefix;
    this.object = object;
  }

  public static JsonFile read(Path path) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new ModelFormatException(path + ": is larger than " + MAX_BYTES + " bytes");
      }
      return parse(path, Files.readAllBytes(path));
    } catch (IOException e) {
      throw new ModelFormatException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  public static Optional<JsonFile> readIfExists(Path path) {
    return Files.exists(path) ? Optional.of(read(path)) : Optional.empty();
  }

  /**
   * @param path file that the bytes come from, for error messages
   */
  public static JsonFile parse(Path path, byte[] json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          path
              + ": line %s, column %s: is not valid JSON: %s"
                  .formatted(
                      e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                      e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                      e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ModelFormatException(path + ": is not valid JSON: " + e.getMessage(), e);
    }
    if (!root.isObject()) {
      throw new ModelFormatException(path + ": expected a JSON object");
    }
    return new JsonFile(path, "", root);
  }

  public Path path() {
    return path;
  }

  public Iterable<String> keys() {
    return object::fieldNames;
  }

  /** Whether the key exists, even if its value is null. */
  public boolean contains(String key) {
    return object.has(key);
  }

  /** The value of a key, of any type. */
  public Optional<JsonNode> value(String key) {
    JsonNode value = object.get(key);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  public Optional<JsonFile> child(String key) {
    return value(key)
        .map(
            value ->
                new JsonFile(
                    path, place(key) + '.', require(key, "an object", value.isObject(), value)));
  }

  /** The same object with values for keys that it does not contain, not even as null. */
  public JsonFile withDefaults(Map<String, ?> defaults) {
    ObjectNode completed = MAPPER.valueToTree(defaults);
    object.fields().forEachRemaining(field -> completed.set(field.getKey(), field.getValue()));
    return new JsonFile(path, prefix, completed);
  }

  /** The same object with other values for some keys. */
  public JsonFile with(Map<String, ?> values) {
    ObjectNode changed = MAPPER.createObjectNode();
    object.fields().forEachRemaining(field -> changed.set(field.getKey(), field.getValue()));
    values.forEach((key, value) -> changed.set(key, MAPPER.valueToTree(value)));
    return new JsonFile(path, prefix, changed);
  }

  public OptionalInt integer(String key) {
    Optional<JsonNode> value = value(key);
    return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(toInt(key, value.get()));
  }

  public int requiredInteger(String key) {
    return toInt(key, required(key));
  }

  public int positiveInteger(String key) {
    int value = requiredInteger(key);
    if (value <= 0) {
      throw problem(key, value + ", expected a positive number");
    }
    return value;
  }

  public Optional<Double> number(String key) {
    return value(key).map(value -> require(key, "a number", value.isNumber(), value).doubleValue());
  }

  public double requiredNumber(String key) {
    JsonNode value = required(key);
    return require(key, "a number", value.isNumber(), value).doubleValue();
  }

  public Optional<Boolean> bool(String key) {
    return value(key)
        .map(value -> require(key, "true or false", value.isBoolean(), value).booleanValue());
  }

  public Optional<String> string(String key) {
    return value(key).map(value -> require(key, "a string", value.isTextual(), value).textValue());
  }

  public String requiredString(String key) {
    JsonNode value = required(key);
    return require(key, "a string", value.isTextual(), value).textValue();
  }

  public int toInt(String key, JsonNode value) {
    require(key, "a 32-bit integer", value.isIntegralNumber() && value.canConvertToInt(), value);
    return value.intValue();
  }

  public ModelFormatException problem(String key, String problem) {
    return new ModelFormatException(path, place(key), problem);
  }

  private JsonNode required(String key) {
    return value(key).orElseThrow(() -> problem(key, "is missing"));
  }

  private JsonNode require(String key, String expected, boolean matches, JsonNode value) {
    if (!matches) {
      throw problem(key, "is " + abbreviated(value) + ", expected " + expected);
    }
    return value;
  }

  /** The key with those of the objects around it, as messages name it. */
  public String place(String key) {
    return prefix + key;
  }

  /** A value for a message. */
  public static String abbreviated(JsonNode value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
