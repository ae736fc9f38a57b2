package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TokenizerJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files are refused, or read; they do not end the process. */
class DamagedTokenizerTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int DAMAGED_FILES = 60;

  @ParameterizedTest
  @ValueSource(
      strings = {"llama3/tokenizer.json", "mistral/tokenizer.json", "unigram-bytes/tokenizer.json"})
  void isRefusedOrRead(String name) throws IOException {
    String json = ((TokenizerJson) TestTokenizers.source(name)).json();
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < DAMAGED_FILES; i++) {
      JsonNode damaged = MAPPER.readTree(json);
      String damage = damage(damaged, random);
      try (Tokenizer tokenizer = Tokenizers.open(new TokenizerJson(damaged.toString()))) {
        assertThat(tokenizer.vocabularySize()).as(damage).isPositive();
        tokenizer.decode(tokenizer.encodePrompt(RenderedPrompt.trusted("Hello <s>, 漢 123!")));
      } catch (ModelFormatException e) {
        assertThat(e).as(damage).hasMessageContaining("tokenizer.json");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  /** Replaces or removes a value; settings as often as entries of the long lists. */
  private static String damage(JsonNode json, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    JsonNode node = json;
    while (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      List<JsonNode> children = new ArrayList<>();
      node.forEach(children::add);
      node = children.get(random.nextInt(children.size()));
    }
    JsonNode container = containers.get(random.nextInt(containers.size()));
    int index = random.nextInt(container.size());
    JsonNode value = value(random);
    if (container instanceof ArrayNode array) {
      array.set(index, value);
      return "entry " + index + " set to " + value;
    }
    List<String> names = new ArrayList<>();
    container.fieldNames().forEachRemaining(names::add);
    String key = names.get(index);
    if (random.nextInt(3) == 0) {
      ((ObjectNode) container).remove(key);
      return key + " removed";
    }
    ((ObjectNode) container).set(key, value);
    return key + " set to " + value;
  }

  private static JsonNode value(Random random) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return switch (random.nextInt(9)) {
      case 0 -> factory.nullNode();
      case 1 -> factory.numberNode(-1);
      case 2 -> factory.numberNode(Integer.MAX_VALUE);
      case 3 -> factory.numberNode(1e300);
      case 4 -> factory.textNode("");
      case 5 -> factory.textNode("▁ \uFDD0\uD83D");
      case 6 -> factory.arrayNode();
      case 7 -> factory.objectNode();
      default -> factory.booleanNode(true);
    };
  }
}
