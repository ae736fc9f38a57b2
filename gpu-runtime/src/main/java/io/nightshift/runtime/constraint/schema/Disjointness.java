package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.schema.ConditionEvaluator.EndlessReferenceException;
import io.nightshift.runtime.constraint.schema.ObjectSet.NameRule;

/** Whether two conditions have no value in common, as far as a few levels of the values tell. */
final class Disjointness {
  /** Levels of items and properties that are looked at. */
  private static final int DEPTH = 3;

  private static final NameRule NOTHING_ELSE =
      new NameRule(CodePointLanguages.all(), Condition.NOTHING);

  private final Conditions conditions;
  private final ConditionEvaluator evaluator;

  Disjointness(Conditions conditions, ConditionEvaluator evaluator) {
    this.conditions = conditions;
    this.evaluator = evaluator;
  }

  boolean isProvable(Condition a, Condition b) {
    return isEmpty(conditions.all(a, b), DEPTH);
  }

  private boolean isEmpty(Condition condition, int depth) {
    if (condition == Condition.ANYTHING || condition == Condition.NOTHING) {
      return condition == Condition.NOTHING;
    }
    ValueSet set;
    try {
      set = evaluator.evaluate(condition);
    } catch (EndlessReferenceException | ConstraintException e) {
      return false; // The schema that asks contains this one, or the branches cannot be compared.
    }
    return set.literals().isEmpty()
        && set.strings().isEmpty()
        && set.numbers().isEmpty()
        && set.arrays().stream().allMatch(array -> isEmpty(array, depth))
        && set.objects().stream().allMatch(object -> isEmpty(object, depth));
  }

  private boolean isEmpty(ArraySet set, int depth) {
    if (depth == 0) {
      return false;
    }
    for (int i = 0; i < Math.min(set.min(), set.prefix().size() + 1); i++) {
      if (isEmpty(set.item(i), depth - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean isEmpty(ObjectSet set, int depth) {
    if (!set.demands().isEmpty()) {
      return set.rules().contains(NOTHING_ELSE)
          && set.withDemandsNamed(conditions).stream().allMatch(named -> isEmpty(named, depth));
    }
    return depth > 0
        && set.members().values().stream()
            .anyMatch(member -> member.required() && isEmpty(member.value(), depth - 1));
  }
}
