package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Random templates over random values, against src/test/python/make_random_golden.py. */
class RandomTemplateGoldenTest {

  @Test
  void agreesWithPython() throws IOException {
    JsonNode golden = Golden.read("random-golden.json.gz");
    List<Map<String, Object>> contexts = new ArrayList<>();
    golden.get("contexts").forEach(context -> contexts.add(Golden.variables(context)));
    List<String> differences = new ArrayList<>();
    for (JsonNode entry : golden.get("cases")) {
      String source = entry.get(0).asText();
      Map<String, Object> variables = contexts.get(entry.get(1).asInt());
      String difference = Golden.difference(source, Golden.OPTIONS, variables, entry.get(2));
      if (difference != null) {
        differences.add(source + "\n" + difference);
      }
    }
    assertThat(golden.get("cases").size()).isGreaterThanOrEqualTo(5_000);
    assertThat(differences).isEmpty();
  }
}
