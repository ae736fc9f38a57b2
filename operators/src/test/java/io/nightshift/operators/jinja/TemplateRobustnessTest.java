package io.nightshift.operators.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged real templates: they render or fail with the two exceptions, and nothing else. */
class TemplateRobustnessTest {
  private static final int MUTANTS = 200;
  private static final TemplateOptions OPTIONS = TemplateOptions.CHAT.withBounds(200_000, 200_000);
  private static final String[] PIECES = {
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "-",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "|",
    ".",
    ":",
    "**",
    "~",
    ",",
    " is ",
    " not ",
    " in ",
    " if ",
    " else ",
    " for ",
    "endfor",
    "endif",
    "loop",
    "range(100000)",
    "messages",
    "namespace()",
    "99999999999999999999",
    "\\x",
    "\u0000",
    "\ud83d",
    "{% macro m() %}",
    "{{ m() }}",
    "{% endmacro %}",
    "{% break %}",
    "|tojson",
    "|list",
    "*",
    "=="
  };

  @Test
  void damagedTemplatesOnlyRenderOrFail() throws IOException {
    JsonNode golden = Golden.read("chat-golden.json.gz");
    Map<String, Object> variables =
        Golden.variables(golden.get("contexts").get("several tool calls, options"));
    List<String> sources = new ArrayList<>();
    for (Map.Entry<String, JsonNode> template : golden.get("templates").properties()) {
      sources.add(Golden.template(template.getKey()));
    }
    Random random = new Random(20260704);
    int rendered = 0;
    int failed = 0;
    for (String source : sources) {
      for (int i = 0; i < MUTANTS; i++) {
        String mutant = mutate(source, sources, random);
        try {
          assertThat(Template.parse("mutant", mutant, OPTIONS).render(variables).text().length())
              .isLessThanOrEqualTo(200_000);
          rendered++;
        } catch (TemplateException e) {
          assertThat(e.getMessage()).startsWith("template mutant, line ");
          assertThat(e.line()).isBetween(1, 1 + (int) mutant.lines().count());
          failed++;
        }
      }
    }
    assertThat(rendered).isGreaterThan(MUTANTS);
    assertThat(failed).isGreaterThan(MUTANTS);
  }

  @Test
  void anyTruncationOnlyRendersOrFails() throws IOException {
    String source = Golden.template("Llama-3.1");
    for (int end = 0; end < source.length(); end++) {
      String start = source.substring(0, end);
      assertThatCode(
              () -> {
                try {
                  Template.parse("truncated", start, OPTIONS).render(Map.of());
                } catch (TemplateException e) {
                  assertThat(e.line()).isPositive();
                }
              })
          .doesNotThrowAnyException();
    }
  }

  private static String mutate(String source, List<String> others, Random random) {
    StringBuilder mutant = new StringBuilder(source);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && !mutant.isEmpty(); i++) {
      int at = random.nextInt(mutant.length());
      int end = Math.min(mutant.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(5)) {
        case 0 -> mutant.delete(at, end);
        case 1 -> mutant.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> mutant.insert(at, mutant.substring(at, end).repeat(1 + random.nextInt(50)));
        case 3 -> mutant.setCharAt(at, (char) (1 + random.nextInt(126)));
        default -> {
          String other = others.get(random.nextInt(others.size()));
          int from = random.nextInt(other.length());
          mutant.insert(at, other, from, Math.min(other.length(), from + 80));
        }
      }
    }
    return mutant.toString();
  }
}
