package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.mask.ForcedTokens;
import io.nightshift.runtime.constraint.mask.TokenMasks;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import org.jspecify.annotations.Nullable;

/**
 * A constraint as an automaton over bytes and its masks.
 *
 * @param json whether the texts are JSON
 * @param fields the tokens of enumerated fields; null if they are sampled like others
 */
record AutomatonConstraint(
    ByteAutomaton automaton,
    Vocabulary vocabulary,
    TokenMasks masks,
    ForcedTokens forced,
    boolean json,
    @Nullable FieldTokens fields)
    implements Constraint {

  /**
   * @throws ConstraintException if the tokens cannot write any of the texts
   */
  static AutomatonConstraint of(
      ByteAutomaton automaton, Vocabulary vocabulary, boolean json, boolean fields) {
    TokenMasks masks = new TokenMasks(automaton, vocabulary, fields);
    if (masks.shortestEnd(automaton.start()) == TokenMasks.NEVER) {
      throw new ConstraintException(
          "allows no text that the model's vocabulary can write: allow other characters");
    }
    ForcedTokens forced = new ForcedTokens(automaton, vocabulary, masks, fields);
    return new AutomatonConstraint(
        automaton, vocabulary, masks, forced, json, fields ? new FieldTokens(vocabulary) : null);
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
