package io.nightshift.runtime.constraint.matcher;

import java.util.Arrays;

/**
 * A deterministic automaton over bytes. Every state leads to an accepting one. State 0 is the
 * start.
 */
final class ByteDfa {
  static final int DEAD = -1;
  private static final long PLENTY = 1 << 20;

  // The transitions of a state, in the order of their bytes: offsets[state] to offsets[state + 1].
  private final int[] offsets;
  private final int[] low;
  private final int[] high;
  private final int[] target;
  private final boolean[] accept;
  private final int[] characterState;
  private final int[] shortest;
  private final int[] secondShortest;
  private final boolean[] plenty;
  private final int freeState;

  /**
   * @param characterState for each state, the state of the automaton over code points that it
   *     stands for; -1 inside of a character and outside of the content
   * @param freeState the state of a JSON string that all contents may follow; -1 if there is none
   */
  ByteDfa(
      int[] offsets,
      int[] low,
      int[] high,
      int[] target,
      boolean[] accept,
      int[] characterState,
      int freeState) {
    this.offsets = offsets;
    this.low = low;
    this.high = high;
    this.target = target;
    this.accept = accept;
    this.characterState = characterState;
    this.freeState = freeState;
    this.shortest = shortestWords();
    this.secondShortest = secondShortestWords();
    this.plenty = plenty();
  }

  /** The state after a byte, or {@link #DEAD}. */
  int next(int state, int value) {
    for (int i = offsets[state]; i < offsets[state + 1] && low[i] <= value; i++) {
      if (value <= high[i]) {
        return target[i];
      }
    }
    return DEAD;
  }

  /** Number of states. */
  int states() {
    return accept.length;
  }

  int firstTransition(int state) {
    return offsets[state];
  }

  int afterTransitions(int state) {
    return offsets[state + 1];
  }

  int low(int transition) {
    return low[transition];
  }

  int high(int transition) {
    return high[transition];
  }

  int target(int transition) {
    return target[transition];
  }

  boolean accepts(int state) {
    return accept[state];
  }

  /** Whether the word ends here: the state accepts and has no transitions. */
  boolean isFinal(int state) {
    return accept[state] && offsets[state] == offsets[state + 1];
  }

  /** The state over code points that this state stands for; -1 if it stands for none. */
  int characterState(int state) {
    return characterState[state];
  }

  /** Number of bytes of the shortest word from a state. */
  int shortest(int state) {
    return shortest[state];
  }

  /** Number of bytes of the second shortest word from a state, which may have the same length. */
  int secondShortest(int state) {
    return secondShortest[state];
  }

  private int[] secondShortestWords() {
    int[] lengths = new int[accept.length];
    Arrays.fill(lengths, Frame.NEVER);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = accept.length - 1; state >= 0; state--) {
        TwoShortest two = new TwoShortest();
        if (accept[state]) {
          two.add(0);
        }
        for (int i = offsets[state]; i < offsets[state + 1]; i++) {
          two.add(1 + shortest[target[i]]);
          two.add(1 + (low[i] < high[i] ? shortest : lengths)[target[i]]);
        }
        if (two.second() < lengths[state]) {
          lengths[state] = two.second();
          changed = true;
        }
      }
    }
    return lengths;
  }

  /** The state of a JSON string that all contents may follow; -1 if there is none. */
  int freeState() {
    return freeState;
  }

  /** Whether there are more words from a state than an answer can use up. */
  boolean isPlenty(int state) {
    return plenty[state];
  }

  private boolean[] plenty() {
    int states = accept.length;
    long[] words = new long[states];
    Arrays.fill(words, PLENTY);
    // States are counted after all that they lead to; those that lead to a cycle never are.
    int[] waiting = new int[states];
    int[][] sources = sources();
    int[] ready = new int[states];
    int count = 0;
    for (int state = 0; state < states; state++) {
      waiting[state] = offsets[state + 1] - offsets[state];
      if (waiting[state] == 0) {
        ready[count++] = state;
      }
    }
    for (int next = 0; next < count; next++) {
      int state = ready[next];
      words[state] = accept[state] ? 1 : 0;
      for (int i = offsets[state]; i < offsets[state + 1]; i++) {
        words[state] += (high[i] - low[i] + 1) * words[target[i]];
      }
      words[state] = Math.min(PLENTY, words[state]);
      for (int source : sources[state]) {
        if (--waiting[source] == 0) {
          ready[count++] = source;
        }
      }
    }
    boolean[] result = new boolean[states];
    for (int state = 0; state < states; state++) {
      result[state] = words[state] == PLENTY;
    }
    return result;
  }

  /** The states that lead to each state, once for each transition. */
  private int[][] sources() {
    int[] counts = new int[accept.length];
    for (int to : target) {
      counts[to]++;
    }
    int[][] sources = new int[accept.length][];
    for (int state = 0; state < accept.length; state++) {
      sources[state] = new int[counts[state]];
    }
    for (int state = 0; state < accept.length; state++) {
      for (int i = offsets[state]; i < offsets[state + 1]; i++) {
        sources[target[i]][--counts[target[i]]] = state;
      }
    }
    return sources;
  }

  private int[] shortestWords() {
    int[] lengths = new int[accept.length];
    Arrays.fill(lengths, Frame.NEVER);
    for (int state = 0; state < accept.length; state++) {
      if (accept[state]) {
        lengths[state] = 0;
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      // Transitions mostly lead to states of higher numbers.
      for (int state = accept.length - 1; state >= 0; state--) {
        for (int i = offsets[state]; i < offsets[state + 1]; i++) {
          if (lengths[target[i]] + 1 < lengths[state]) {
            lengths[state] = lengths[target[i]] + 1;
            changed = true;
          }
        }
      }
    }
    return lengths;
  }
}
