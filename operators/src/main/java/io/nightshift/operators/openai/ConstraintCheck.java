package io.nightshift.operators.openai;

import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.regex.RegularExpression;
import io.nightshift.runtime.constraint.schema.JsonSchema;
import java.util.Optional;

/**
 * Compiles constraints as far as no vocabulary is needed, so that one that cannot be enforced is an
 * error of its line before anything is computed. Not thread-safe.
 */
final class ConstraintCheck {
  private static final int MAX_KNOWN = 1024;

  /** What is wrong with them; empty if nothing is. */
  private final BoundedCache<ConstraintSpecification, Optional<String>> known =
      new BoundedCache<>(MAX_KNOWN);

  /** Returns the constraint, which is the value of a parameter of this name. */
  ConstraintSpecification check(String name, ConstraintSpecification constraint)
      throws BodyException {
    Optional<String> problem = known.get(constraint, ConstraintCheck::problem);
    if (problem.isPresent()) {
      throw BodyException.invalidValue(name, problem.get());
    }
    return constraint;
  }

  private static Optional<String> problem(ConstraintSpecification constraint) {
    try {
      if (constraint instanceof ConstraintSpecification.JsonSchema schema) {
        JsonSchema.compile(schema.schema());
      } else {
        RegularExpression.fullMatch(((ConstraintSpecification.Regex) constraint).pattern());
      }
      return Optional.empty();
    } catch (ConstraintException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
