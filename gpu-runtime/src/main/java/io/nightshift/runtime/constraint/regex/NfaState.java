package io.nightshift.runtime.constraint.regex;

import java.util.List;

/** A state of a nondeterministic automaton over the symbols of an alphabet. */
sealed interface NfaState {

  /** The end of a match. */
  record Accept() implements NfaState {}

  /**
   * Goes on without a symbol.
   *
   * @param targets states; more are added while the automaton is built
   */
  record Split(List<Integer> targets) implements NfaState {}

  /** Goes on to a state if an assertion holds here. */
  record Check(Node.Assertion assertion, int target) implements NfaState {}

  /** Takes a symbol. */
  record Consume(List<Edge> edges) implements NfaState {}

  /** The state after any of some symbols (sorted). */
  record Edge(int[] symbols, int target) {}
}
