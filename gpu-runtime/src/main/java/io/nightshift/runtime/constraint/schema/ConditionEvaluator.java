package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Computes the set of values of a condition. Conditions on items and properties are left as they
 * are, so that a schema may refer to itself.
 */
final class ConditionEvaluator {
  private final Conditions conditions;
  private final SchemaReader reader;
  private final Map<Condition, ValueSet> known = new HashMap<>();
  private final Set<Condition> evaluating = new HashSet<>();

  ConditionEvaluator(SchemaDocument document, Conditions conditions) {
    this.conditions = conditions;
    this.reader = new SchemaReader(document, conditions, this);
  }

  /**
   * The values of a condition.
   *
   * @throws SchemaException if it cannot be enforced
   * @throws EndlessReferenceException if the condition is being evaluated
   */
  ValueSet evaluate(Condition condition) {
    ValueSet set = known.get(condition);
    if (set == null) {
      if (!evaluating.add(condition)) {
        throw new EndlessReferenceException();
      }
      try {
        set = compute(condition);
      } finally {
        evaluating.remove(condition);
      }
      known.put(condition, set);
    }
    return set;
  }

  private ValueSet compute(Condition condition) {
    if (condition instanceof Condition.Valid valid) {
      return read(valid.schema);
    }
    if (condition instanceof Condition.Equal equal) {
      return Constants.equalTo(equal.value, conditions);
    }
    if (condition instanceof Condition.All all) {
      ValueSet set = ValueSet.ALL;
      for (Condition part : all.conditions) {
        set = set.intersect(evaluate(part), conditions);
      }
      return set;
    }
    if (condition instanceof Condition.Not not) {
      ValueSet set = evaluate(not.condition);
      if (set.narrowed()) {
        throw new ConstraintException("the opposite of a condition here cannot be expressed");
      }
      return set.complement(conditions);
    }
    return condition == Condition.ANYTHING ? ValueSet.ALL : ValueSet.NONE;
  }

  private ValueSet read(Subschema schema) {
    try {
      return reader.read(schema);
    } catch (SchemaException e) {
      throw e;
    } catch (ConstraintException e) {
      throw schema.error(String.valueOf(e.getMessage()));
    }
  }

  /** A condition that refers to itself for the same value. */
  static final class EndlessReferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
