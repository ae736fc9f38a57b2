package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.mask.ForcedTokens;
import io.nightshift.runtime.constraint.mask.TokenMasks;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;

/**
 * A constraint as an automaton over bytes and its masks.
 *
 * @param json whether the texts are JSON
 */
record AutomatonConstraint(
    ByteAutomaton automaton,
    Vocabulary vocabulary,
    TokenMasks masks,
    ForcedTokens forced,
    boolean json)
    implements Constraint {

  /**
   * @throws ConstraintException if the tokens cannot write any of the texts
   */
  static AutomatonConstraint of(ByteAutomaton automaton, Vocabulary vocabulary, boolean json) {
    TokenMasks masks = new TokenMasks(automaton, vocabulary);
    if (masks.shortestEnd(automaton.start()) == TokenMasks.NEVER) {
      throw new ConstraintException(
          "allows no text that the model's vocabulary can write: allow other characters");
    }
    ForcedTokens forced = new ForcedTokens(automaton, vocabulary, masks);
    return new AutomatonConstraint(automaton, vocabulary, masks, forced, json);
  }

  @Override
  public TokenMatcher matcher() {
    return new AutomatonMatcher(this);
  }

  @Override
  public int shortestTokens() {
    return masks.shortestEnd(automaton.start());
  }
}
