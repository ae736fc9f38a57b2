package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real chat templates over many conversations, against src/test/python/make_chat_golden.py. */
class ChatTemplateGoldenTest {
  private static final Map<String, Map<String, Object>> CONTEXTS = new HashMap<>();
  private static @Nullable JsonNode golden;

  static Stream<String> templates() throws IOException {
    JsonNode data = Golden.read("chat-golden.json.gz");
    golden = data.get("templates");
    data.get("contexts")
        .properties()
        .forEach(
            context -> CONTEXTS.put(context.getKey(), Golden.variables(context.getValue())));
    Iterable<String> names = () -> data.get("templates").fieldNames();
    return StreamSupport.stream(names.spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void rendersAsPython(String name) throws IOException {
    assertThat(golden).isNotNull();
    JsonNode expected = golden.get(name);
    String source = Golden.template(name);
    List<String> free =
        StreamSupport.stream(expected.get("free").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    assertThat(Template.parse(name, source).freeVariables()).containsExactlyInAnyOrderElementsOf(free);
    assertThat(CONTEXTS)
        .allSatisfy(
            (context, variables) ->
                assertThat(
                        Golden.difference(
                            source,
                            Golden.OPTIONS,
                            variables,
                            expected.get("results").get(context)))
                    .as(context)
                    .isNull());
  }
}
