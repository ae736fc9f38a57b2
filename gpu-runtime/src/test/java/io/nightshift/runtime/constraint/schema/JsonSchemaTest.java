package io.nightshift.runtime.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.schema.SchemaCases.Case;
import io.nightshift.runtime.constraint.schema.SchemaCases.Instance;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Schemas for every keyword, with instances: the files beside this class. Each instance is checked
 * with the compiled grammar, with the automaton byte by byte, and with an independent validator.
 */
class JsonSchemaTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "types",
        "numbers",
        "strings",
        "formats",
        "arrays",
        "objects",
        "property-order",
        "combinations",
        "references",
        "drafts",
        "texts"
      })
  void acceptsWhatIsValid(String theme) {
    SoftAssertions soft = new SoftAssertions();
    for (Case schema : SchemaCases.read(theme + ".txt")) {
      check(schema, soft);
    }
    soft.assertAll();
  }

  private static void check(Case schema, SoftAssertions soft) {
    ValueRule rule;
    AcceptedTexts texts;
    try {
      rule = JsonSchema.compile(schema.schema());
      texts = new AcceptedTexts(schema.schema());
    } catch (RuntimeException e) {
      soft.fail("%s: %s does not compile".formatted(schema.title(), schema.schema()), e);
      return;
    }
    Oracle oracle = new Oracle(schema.schema());
    for (Instance instance : schema.instances()) {
      String text = instance.text();
      String what = "%s: %s with %s".formatted(schema.title(), text, schema.schema());
      soft.assertThat(oracle.isValid(text))
          .as("oracle, " + what)
          .isEqualTo(instance.valid() == instance.oracle());
      soft.assertThat(texts.contains(text)).as("automaton, " + what).isEqualTo(instance.written());
      if (instance.written() || !instance.valid()) {
        soft.assertThat(GrammarInstances.accepts(rule, Oracle.parse(text)))
            .as("grammar, " + what)
            .isEqualTo(instance.valid());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "true", "{\"title\":\"Anything\",\"x-unknown\":{\"type\":7}}"})
  void anythingIsValidWithoutKeywords(String schema) {
    AcceptedTexts texts = new AcceptedTexts(schema);

    assertThat(
            Stream.of("null", "-1.5", "\"\u00e9\\n\"", "[[],{}]", "{\"a\":{\"b\":[true]}}")
                .filter(text -> !texts.contains(text)))
        .isEmpty();
    assertThat(
            Stream.of("", "nul", "01", "\"", "[1,]", "{\"a\"}", "{\"a\":1,\"a\":2}", "\"\n\"")
                .filter(texts::contains))
        .isEmpty();
  }
}
