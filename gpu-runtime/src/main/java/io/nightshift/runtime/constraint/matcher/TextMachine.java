package io.nightshift.runtime.constraint.matcher;

import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;
import org.jspecify.annotations.Nullable;

/**
 * Texts without structure: a string with its quotation marks, a number, a literal, or an answer
 * that a regular expression describes. The length of a string is counted beside the state of the
 * automaton, so that a maximum of thousands of characters takes no states.
 */
final class TextMachine implements Machine {
  private final ByteDfa texts;
  private final @Nullable Lengths lengths;
  private final int minimum;
  private final int maximum;
  private final int bytesPerCharacter;

  private TextMachine(
      ByteDfa texts, @Nullable Lengths lengths, int minimum, int maximum, int bytesPerCharacter) {
    this.texts = texts;
    this.lengths = lengths;
    this.minimum = minimum;
    this.maximum = maximum;
    this.bytesPerCharacter = bytesPerCharacter;
  }

  static TextMachine of(ByteDfa texts) {
    return new TextMachine(texts, null, 0, Integer.MAX_VALUE, 1);
  }

  /** Strings of a minimum and a maximum number of characters. */
  static TextMachine counted(ByteDfa texts, Automaton content, int minimum, int maximum) {
    Lengths lengths = Lengths.of(content, minimum, maximum);
    return new TextMachine(texts, lengths, minimum, maximum, bytesPerCharacter(content));
  }

  ByteDfa texts() {
    return texts;
  }

  @Override
  public void start(int value, Frame parent, Threads out) {
    step(0, 0, value, parent, out);
  }

  /** Adds what follows after a byte in a state, {@code count} characters into a string. */
  void step(int state, int count, int value, Frame parent, Threads out) {
    int next = texts.next(state, value);
    if (next != ByteDfa.DEAD) {
      int nextCount = countAfter(state, count, next);
      if (!texts.isFinal(next)) {
        out.add(new TextFrame(this, next, nextCount, parent));
      } else if (length(next, nextCount) == 0) {
        out.add(parent);
      }
    }
    if (texts.accepts(state)) {
      parent.step(value, out);
    }
  }

  /** Number of bytes of a text that completes this one; {@link Frame#NEVER} if there is none. */
  int length(int state, int count) {
    if (lengths == null) {
      return texts.shortest(state);
    }
    int character = texts.characterState(state);
    if (character >= 0) {
      int characters = lengths.atLeast(character, Math.max(0, minimum - count), maximum - count);
      return characters < 0 ? Frame.NEVER : capped((long) bytesPerCharacter * characters + 1);
    }
    if (texts.isFinal(state)) {
      return minimum <= count && count <= maximum ? 0 : Frame.NEVER;
    }
    int shortest = Frame.NEVER;
    for (int i = texts.firstTransition(state); i < texts.afterTransitions(state); i++) {
      shortest = Math.min(shortest, 1 + length(texts.target(i), count));
    }
    return shortest;
  }

  /** Whether the length of the string matters. */
  boolean counts() {
    return lengths != null;
  }

  /** Whether all contents may follow a state, as far as the length permits. */
  boolean isFree(int state) {
    return state == texts.freeState();
  }

  int fewestAfter(int count) {
    return minimum - count;
  }

  int mostAfter(int count) {
    return maximum == Integer.MAX_VALUE ? maximum : maximum - count;
  }

  private int countAfter(int state, int count, int next) {
    if (lengths == null || texts.characterState(state) < 0 || texts.isFinal(next)) {
      return count;
    }
    // Without a maximum, a string that is long enough stays so.
    return maximum == Integer.MAX_VALUE && count == minimum ? count : count + 1;
  }

  @Override
  public int shortest() {
    return length(0, 0);
  }

  @Override
  public boolean shorten() {
    return false;
  }

  private static int capped(long length) {
    return (int) Math.min(length, Frame.NEVER);
  }

  /** Maximum, over pairs of states, of the bytes of a shortest character that leads there. */
  private static int bytesPerCharacter(Automaton content) {
    int most = 1;
    Transition transition = new Transition();
    for (int state = 0; state < content.getNumStates(); state++) {
      Map<Integer, Integer> byTarget = new HashMap<>();
      int count = content.initTransition(state, transition);
      for (int i = 0; i < count; i++) {
        content.getNextTransition(transition);
        byTarget.merge(transition.dest, fewestBytes(transition.min, transition.max), Math::min);
      }
      for (int bytes : byTarget.values()) {
        most = Math.max(most, bytes);
      }
    }
    return most;
  }

  private static int fewestBytes(int low, int high) {
    int fewest = Integer.MAX_VALUE;
    for (int c = low; c <= Math.min(high, '\\' + 1); c++) {
      fewest = Math.min(fewest, JsonStrings.bytes(c));
    }
    return Math.min(fewest, JsonStrings.bytes(Math.max(low, Math.min(high, '\\' + 1))));
  }
}
