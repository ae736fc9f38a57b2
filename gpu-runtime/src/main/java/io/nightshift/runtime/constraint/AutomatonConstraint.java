package io.nightshift.runtime.constraint;

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

  static AutomatonConstraint of(ByteAutomaton automaton, Vocabulary vocabulary, boolean json) {
    TokenMasks masks = new TokenMasks(automaton, vocabulary);
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
