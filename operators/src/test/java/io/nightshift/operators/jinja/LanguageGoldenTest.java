package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corners of the language, one by one, against src/test/python/make_language_golden.py. */
class LanguageGoldenTest {

  @ParameterizedTest(name = "strict undefined values: {0}")
  @CsvSource({"false, 1", "true, 2"})
  void agreesWithPython(boolean strict, int outcome) throws IOException {
    TemplateOptions options =
        strict ? TemplateOptions.STRICT.withClock(Golden.CLOCK) : Golden.OPTIONS;
    JsonNode golden = Golden.read("language-golden.json.gz");
    Map<String, Object> variables = Golden.variables(golden.get("context"));
    List<String> differences = new ArrayList<>();
    for (JsonNode entry : golden.get("cases")) {
      String source = entry.get(0).asText();
      String difference = Golden.difference(source, options, variables, entry.get(outcome));
      if (difference != null) {
        differences.add(source + "\n" + difference);
      }
    }
    assertThat(differences).isEmpty();
  }
}
