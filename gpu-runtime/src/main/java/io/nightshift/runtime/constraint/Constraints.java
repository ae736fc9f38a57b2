package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import org.apache.lucene.util.automaton.Automaton;

/** Compiles constraints for the vocabulary of a model. */
public final class Constraints {

  private Constraints() {}

  /** Answers that are JSON texts of a rule. */
  public static Constraint json(ValueRule rule, boolean spaces, Vocabulary vocabulary) {
    ByteAutomaton automaton = ByteAutomaton.json(rule, spaces, vocabulary.leadingSpaces());
    return AutomatonConstraint.of(automaton, vocabulary, true);
  }

  /** Answers that are strings of an automaton over code points. */
  static Constraint plain(Automaton texts, Vocabulary vocabulary) {
    ByteAutomaton automaton = ByteAutomaton.plain(texts, vocabulary.leadingSpaces());
    return AutomatonConstraint.of(automaton, vocabulary, false);
  }
}
