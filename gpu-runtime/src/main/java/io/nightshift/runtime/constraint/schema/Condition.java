package io.nightshift.runtime.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * A condition on a JSON value. Made by {@link Conditions}, which gives the same object for the same
 * condition.
 */
abstract sealed class Condition {

  /** Every value. */
  static final Condition ANYTHING = new Anything();

  /** No value. */
  static final Condition NOTHING = new Nothing();

  /** JSON pointer of a schema in the condition, for messages; that of the whole schema if none. */
  static String pointer(Condition condition) {
    if (condition instanceof Valid valid) {
      return valid.schema.pointer();
    }
    if (condition instanceof Not not) {
      return pointer(not.condition);
    }
    return condition instanceof All all ? pointer(all.conditions.iterator().next()) : "";
  }

  private static final class Anything extends Condition {}

  private static final class Nothing extends Condition {}

  /** The values that are valid under a schema. */
  static final class Valid extends Condition {
    final Subschema schema;

    Valid(Subschema schema) {
      this.schema = schema;
    }
  }

  /** One value. */
  static final class Equal extends Condition {
    final JsonNode value;

    Equal(JsonNode value) {
      this.value = value;
    }
  }

  /** The values that satisfy all of some conditions. */
  static final class All extends Condition {
    final Set<Condition> conditions;

    All(Set<Condition> conditions) {
      this.conditions = conditions;
    }
  }

  /** The values that do not satisfy a condition. */
  static final class Not extends Condition {
    final Condition condition;

    Not(Condition condition) {
      this.condition = condition;
    }
  }
}
