package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Templates see row text as it is, under a tokenizer whose control tokens are common characters and
 * their beginnings: against src/test/python/make_row_text_golden.py, and over the templates of the
 * other goldens.
 */
class RowTextGoldenTest {
  private static final String[] CONTROL = {"<", ">", "[", "a", "<a", "<|im_end|>", "1", "\ufdd0"};

  @Test
  void agreesWithPythonOnRowsFullOfControlTokens() throws IOException {
    JsonNode golden = Golden.read("row-text-golden.json.gz");
    List<String> differences = new ArrayList<>();
    try (ControlTokenProbe probe = new ControlTokenProbe(CONTROL)) {
      for (JsonNode entry : golden.get("cases")) {
        for (int row = 0; row < golden.get("rows").size(); row++) {
          Map<String, Object> variables = Golden.variables(golden.get("rows").get(row));
          note(differences, probe, entry.get(0).asText(), variables, entry.get(1).get(row));
        }
      }
    }
    assertThat(golden.get("cases").size()).isGreaterThanOrEqualTo(28);
    assertThat(differences).isEmpty();
  }

  @Test
  void tokenizingLosesNothingOfTheOtherGoldens() throws IOException {
    JsonNode language = Golden.read("language-golden.json.gz");
    Map<String, Object> context = Golden.variables(language.get("context"));
    JsonNode random = Golden.read("random-golden.json.gz");
    List<String> differences = new ArrayList<>();
    try (ControlTokenProbe probe = new ControlTokenProbe(CONTROL)) {
      for (JsonNode entry : language.get("cases")) {
        note(differences, probe, entry.get(0).asText(), context, entry.get(1));
      }
      for (JsonNode entry : random.get("cases")) {
        Map<String, Object> variables =
            Golden.variables(random.get("contexts").get(entry.get(1).asInt()));
        note(differences, probe, entry.get(0).asText(), variables, entry.get(2));
      }
    }
    assertThat(differences).isEmpty();
  }

  private static void note(
      List<String> differences,
      ControlTokenProbe probe,
      String source,
      Map<String, Object> variables,
      JsonNode expected) {
    String difference = Golden.difference(source, Golden.OPTIONS, variables, expected);
    if (difference == null && expected.has("text")) {
      difference = tokenized(probe, source, variables);
    }
    if (difference != null) {
      differences.add(source + "\n" + difference);
    }
  }

  private static @Nullable String tokenized(
      ControlTokenProbe probe, String source, Map<String, Object> variables) {
    TemplateText rendered;
    try {
      rendered = Template.parse("golden", source, Golden.OPTIONS).render(variables);
    } catch (TemplateException e) {
      return null; // an object without a text
    }
    String text = probe.text(rendered);
    return text.equals(rendered.text()) ? null : rendered + " was tokenized as " + text;
  }
}
