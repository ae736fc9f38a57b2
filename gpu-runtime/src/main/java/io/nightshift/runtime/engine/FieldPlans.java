package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.TokenMatcher.EnumeratedField;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * How the values of enumerated fields are scored. Thread-safe; shared by the requests of an engine.
 */
final class FieldPlans {
  private final int maxNodes;
  private final ConcurrentMap<List<int[]>, Optional<ChoicePlan>> plans = new ConcurrentHashMap<>();

  /**
   * @param maxNodes maximum number of nodes of a tree
   */
  FieldPlans(int maxNodes) {
    this.maxNodes = maxNodes;
  }

  /** The plan of a field; null if one of its values is too long for a step. */
  @Nullable ChoicePlan find(EnumeratedField field) {
    return plans.computeIfAbsent(field.tokens(), tokens -> plan(field)).orElse(null);
  }

  private Optional<ChoicePlan> plan(EnumeratedField field) {
    Choices choices = new Choices(field.values(), field.tokens(), false);
    ChoicePlan plan = ChoicePlan.of(choices, maxNodes);
    return plan.largestTree() > maxNodes ? Optional.empty() : Optional.of(plan);
  }
}
