package io.nightshift.job.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Converts YAML whose types matter, such as those of a template's variables, to JSON. */
final class YamlValues {
  private static final int MAX_DEPTH = 100;

  /** Plain words that are texts here, but truth values or null in Python or in older YAML. */
  private static final Set<String> AMBIGUOUS =
      Set.of("true", "false", "yes", "no", "on", "off", "null", "~");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Function<Node, String> place;

  /**
   * @param place the place of a node, for messages
   */
  YamlValues(Function<Node, String> place) {
    this.place = place;
  }

  /**
   * The JSON of a map, in its order.
   *
   * @throws InvalidJobException if it has a key twice, or a value that JSON has no form for
   */
  ObjectNode object(MappingNode map) {
    return object(map, 0);
  }

  private ObjectNode object(MappingNode map, int depth) {
    ObjectNode object = JSON.objectNode();
    for (NodeTuple entry : map.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw error(entry.getKeyNode(), "a key must be a plain name");
      }
      if (object.has(key.getValue())) {
        throw error(key, key.getValue() + " is given twice; remove one");
      }
      object.set(key.getValue(), value(entry.getValueNode(), depth + 1));
    }
    return object;
  }

  private JsonNode value(Node node, int depth) {
    if (depth > MAX_DEPTH) {
      throw error(node, "a value is nested more than " + MAX_DEPTH + " levels deep");
    }
    if (node instanceof MappingNode map) {
      return object(map, depth);
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode items = JSON.arrayNode();
      sequence.getValue().forEach(item -> items.add(value(item, depth + 1)));
      return items;
    }
    return scalar((ScalarNode) node);
  }

  private JsonNode scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    }
    if (tag.equals(Tag.INT)) {
      return JSON.numberNode(new BigInteger(text));
    }
    if (tag.equals(Tag.FLOAT)) {
      return number(node, text);
    }
    boolean plain = node.getScalarStyle() == ScalarStyle.PLAIN;
    if (plain && AMBIGUOUS.contains(text.toLowerCase(Locale.ROOT))) {
      throw error(
          node,
          "is "
              + text
              + " a text? Write true, false or null for these values, and a text in quotes");
    }
    return JSON.textNode(text);
  }

  private JsonNode number(ScalarNode node, String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return JSON.numberNode(number);
      }
    } catch (NumberFormatException e) {
      // .inf and .nan, which are refused with the numbers beyond the range of a double.
    }
    throw error(node, text + " is not a finite number; give one, or a text in quotes");
  }

  private InvalidJobException error(Node node, String problem) {
    return new InvalidJobException(place.apply(node) + ": " + problem);
  }
}
