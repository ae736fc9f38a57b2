package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Real chat templates over many conversations, against src/test/python/make_chat_golden.py. */
class ChatTemplateGoldenTest {

  @TestFactory
  List<DynamicTest> rendersAsPython() throws IOException {
    JsonNode golden = Golden.read("chat-golden.json.gz");
    Map<String, Map<String, Object>> contexts = new LinkedHashMap<>();
    golden
        .get("contexts")
        .properties()
        .forEach(entry -> contexts.put(entry.getKey(), Golden.variables(entry.getValue())));
    assertThat(golden.get("templates").size()).isGreaterThanOrEqualTo(60);
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, JsonNode> template : golden.get("templates").properties()) {
      tests.add(
          DynamicTest.dynamicTest(
              template.getKey(), () -> compare(template.getKey(), template.getValue(), contexts)));
    }
    return tests;
  }

  private static void compare(
      String name, JsonNode expected, Map<String, Map<String, Object>> contexts)
      throws IOException {
    Template template = Template.parse(name, Golden.template(name), Golden.OPTIONS);
    List<String> free = new ArrayList<>();
    expected.get("free").forEach(variable -> free.add(variable.asText()));
    assertThat(template.freeVariables()).containsExactlyInAnyOrderElementsOf(free);
    contexts.forEach(
        (context, variables) ->
            assertThat(Golden.difference(template, variables, expected.get("results").get(context)))
                .as(context)
                .isNull());
  }
}
