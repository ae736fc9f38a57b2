package io.nightshift.runtime.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random schemas: every answer under their masks is valid, and their grammars have every valid
 * value. {@code -Dnightshift.random-schemas=10000 -Dnightshift.random-walks=200} for more of them.
 */
class RandomSchemaTest {
  private static final int SCHEMAS = Integer.getInteger("nightshift.random-schemas", 40);
  private static final int WALKS = Integer.getInteger("nightshift.random-walks", 20);
  private static final int INSTANCES = 100;

  /** Keywords that negate what they apply to. */
  private static final List<String> NEGATING =
      List.of("\"not\"", "\"oneOf\"", "\"if\"", "maxContains");

  /** Keywords of which not every violation can be expressed. */
  private static final List<String> NARROWED =
      List.of(
          "prefixItems",
          "uniqueItems\":true",
          "additionalP",
          "patternP",
          "propertyN",
          "unevaluated");

  private static final Vocabulary VOCABULARY = RandomWalks.vocabulary(new Random(1));

  @Test
  void answersAreValid() {
    int compiled = 0;
    for (int seed = 0; seed < SCHEMAS; seed++) {
      compiled += walk(seed) ? 1 : 0;
    }
    assertThat(compiled).isGreaterThan(SCHEMAS / 3);
  }

  /** Returns whether the schema compiles. */
  static boolean walk(int seed) {
    Random random = new Random(seed);
    return walk(new RandomSchemas(random).schema().toString(), random);
  }

  static boolean walk(String schema, Random random) {
    Constraint constraint;
    try {
      constraint =
          Constraints.compile(
              new ConstraintSpecification.JsonSchema(schema, random.nextBoolean()), VOCABULARY);
    } catch (ConstraintException e) {
      return false;
    }
    Oracle oracle = new Oracle(schema);
    RandomWalks walks = new RandomWalks(VOCABULARY, random);
    int shortest = constraint.shortestTokens();
    for (int i = 0; i < WALKS; i++) {
      int max = shortest + (i < 10 ? i : random.nextInt(40));
      String text = walks.generate(constraint, max, i % 4 == 0);
      assertThat(oracle.isValid(text)).as("%s with %s", text, schema).isTrue();
    }
    return true;
  }

  @Test
  void grammarsHaveWhatIsValid() {
    for (int seed = 0; seed < SCHEMAS; seed++) {
      compare(seed);
    }
  }

  static void compare(int seed) {
    Random random = new Random(seed);
    RandomSchemas schemas = new RandomSchemas(random);
    String schema = schemas.schema().toString();
    ValueRule rule;
    try {
      rule = JsonSchema.compile(schema);
    } catch (ConstraintException e) {
      return;
    }
    Oracle oracle = new Oracle(schema);
    for (int i = 0; i < INSTANCES; i++) {
      compare(schema, rule, oracle, schemas.instance(3));
    }
  }

  static void compare(String schema, ValueRule rule, Oracle oracle, JsonNode instance) {
    boolean narrowed =
        NEGATING.stream().anyMatch(schema::contains)
            && NARROWED.stream().anyMatch(schema::contains);
    boolean accepted = GrammarInstances.accepts(rule, instance);
    if (accepted || !narrowed) {
      assertThat(accepted).as("%s with %s", instance, schema).isEqualTo(oracle.isValid(instance));
    }
  }
}
