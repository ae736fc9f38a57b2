package io.nightshift.operators.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.model.ChatTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Conversations of a column through real chat templates, against the renderings of
 * src/test/python/make_chat_golden.py.
 */
class ConversationsGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The time at which the script renders. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-07-04T09:05:03Z"), ZoneOffset.UTC);

  private static final List<String> CONVERSATIONS =
      List.of(
          "one turn",
          "system",
          "several turns",
          "no system, ends with the assistant",
          "unicode",
          "blanks",
          "special tokens in the text",
          "quotes",
          "starts with the assistant",
          "two users",
          "system in the middle");

  @Test
  void promptsAreThoseOfHuggingFace() throws IOException {
    JsonNode golden = JSON.readTree(new GZIPInputStream(open("chat-golden.json.gz")));
    int same = 0;
    for (Map.Entry<String, JsonNode> template : golden.get("templates").properties()) {
      for (String conversation : CONVERSATIONS) {
        String context = conversation + ", prompt";
        same +=
            compare(
                template.getKey(),
                golden.get("contexts").get(context),
                template.getValue().get("results").get(context));
      }
    }
    assertThat(same).as("renderings that are the same").isGreaterThan(500);
  }

  /** Counts a rendering; refusals count as none, and must be refusals of Hugging Face's, too. */
  private static int compare(String name, JsonNode context, JsonNode expected) throws IOException {
    Map<String, String> tokens = new TreeMap<>();
    context
        .properties()
        .forEach(
            variable -> {
              if (variable.getKey().endsWith("_token")) {
                tokens.put(variable.getKey(), variable.getValue().asText());
              }
            });
    String source =
        new String(open("templates/" + name + ".jinja").readAllBytes(), StandardCharsets.UTF_8);
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("chat", JSON.convertValue(context.get("messages"), List.class));
    String text;
    try {
      text =
          new PromptRenderer(
                  new PromptSpecification(new PromptContent.Messages("chat"), Map.of()),
                  Optional.of(new ChatTemplate(source, tokens)),
                  CLOCK,
                  List.of("chat"))
              .render(row)
              .text();
    } catch (RowException refused) {
      assertThat(expected.has("error")).as("%s: %s", name, refused.getMessage()).isTrue();
      return 0;
    }
    assertThat(text).as(name).isEqualTo(expected.path("text").asText());
    return 1;
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(
        ConversationsGoldenTest.class.getResourceAsStream("/jinja/" + name), name);
  }
}
