package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.regex.RegularExpression;
import io.nightshift.runtime.constraint.schema.JsonSchema;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/** Compiles constraints for the vocabulary of a model. */
public final class Constraints {

  private Constraints() {}

  /**
   * Compiles a constraint.
   *
   * @throws ConstraintException if it is invalid, cannot be enforced, or allows no text
   */
  public static Constraint compile(ConstraintSpecification specification, Vocabulary vocabulary) {
    if (specification instanceof ConstraintSpecification.JsonSchema schema) {
      return json(
          JsonSchema.compile(schema.schema()),
          schema.spaces(),
          schema.enumeratedFields(),
          vocabulary);
    }
    Automaton texts =
        RegularExpression.fullMatch(((ConstraintSpecification.Regex) specification).pattern());
    if (Operations.isEmpty(texts)) {
      throw new ConstraintException(
          "matches no text: correct the parts that contradict each other");
    }
    return plain(texts, vocabulary);
  }

  /** Answers that are JSON texts of a rule, without enumerated fields. */
  public static Constraint json(ValueRule rule, boolean spaces, Vocabulary vocabulary) {
    return json(rule, spaces, false, vocabulary);
  }

  static Constraint json(
      ValueRule rule, boolean spaces, boolean enumeratedFields, Vocabulary vocabulary) {
    ByteAutomaton automaton = ByteAutomaton.json(rule, spaces, vocabulary.leadingSpaces());
    return AutomatonConstraint.of(automaton, vocabulary, true, enumeratedFields);
  }

  /** Answers that are strings of an automaton over code points. */
  static Constraint plain(Automaton texts, Vocabulary vocabulary) {
    ByteAutomaton automaton = ByteAutomaton.plain(texts, vocabulary.leadingSpaces());
    return AutomatonConstraint.of(automaton, vocabulary, false, false);
  }
}
