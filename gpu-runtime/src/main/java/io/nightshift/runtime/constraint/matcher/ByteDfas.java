package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.matcher.ByteDfaBuilder.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/**
 * The bytes of texts: of plain ones, and of JSON strings as {@link
 * io.nightshift.runtime.constraint.grammar.ValueRule} writes them.
 */
final class ByteDfas {
  private static final int SURROGATES = 0x800;
  private static final int CHARACTERS = Character.MAX_CODE_POINT + 1 - SURROGATES;
  private static final ByteDfa ANY_STRING = encode(CodePointLanguages.all());

  private ByteDfas() {}

  /** The texts themselves, in UTF-8. */
  static ByteDfa plain(Automaton texts) {
    ByteDfaBuilder builder = new ByteDfaBuilder();
    for (int state = 0; state < texts.getNumStates(); state++) {
      builder.state(texts.isAccept(state), state);
    }
    for (int state = 0; state < texts.getNumStates(); state++) {
      builder.addCharacters(state, ranges(texts, state, 0));
    }
    return builder.build();
  }

  /** The texts as JSON strings, with quotation marks. */
  static ByteDfa quoted(Automaton content) {
    return content == CodePointLanguages.all() ? ANY_STRING : encode(content);
  }

  private static ByteDfa encode(Automaton content) {
    ByteDfaBuilder builder = new ByteDfaBuilder();
    int start = builder.state(false, -1);
    int shift = 1;
    for (int state = 0; state < content.getNumStates(); state++) {
      builder.state(false, state);
    }
    int end = builder.state(true, -1);
    builder.addByte(start, '"', '"', shift);
    for (int state = 0; state < content.getNumStates(); state++) {
      if (content.isAccept(state)) {
        builder.addByte(state + shift, '"', '"', end);
      }
      List<Range> ranges = ranges(content, state, shift);
      if (content.isAccept(state) && leadsToItself(ranges, state + shift)) {
        builder.setFreeState(state + shift);
      }
      builder.addCharacters(state + shift, unescaped(ranges));
      addEscapes(builder, state + shift, ranges);
    }
    return builder.build();
  }

  private static boolean leadsToItself(List<Range> ranges, int state) {
    int characters = 0;
    for (Range range : ranges) {
      if (range.target() != state) {
        return false;
      }
      characters += range.high() - range.low() + 1;
    }
    return characters == CHARACTERS;
  }

  private static List<Range> ranges(Automaton automaton, int state, int shift) {
    List<Range> ranges = new ArrayList<>();
    Transition transition = new Transition();
    int count = automaton.initTransition(state, transition);
    for (int i = 0; i < count; i++) {
      automaton.getNextTransition(transition);
      ranges.add(new Range(transition.min, transition.max, transition.dest + shift));
    }
    return ranges;
  }

  private static List<Range> unescaped(List<Range> ranges) {
    List<Range> result = new ArrayList<>();
    for (Range range : ranges) {
      int low = Math.max(range.low(), JsonStrings.FIRST_UNESCAPED_CONTROL);
      for (int escaped : new int[] {'"', '\\'}) {
        if (low <= escaped && escaped <= range.high()) {
          add(result, low, escaped - 1, range.target());
          low = escaped + 1;
        }
      }
      add(result, low, range.high(), range.target());
    }
    return result;
  }

  private static void add(List<Range> ranges, int low, int high, int target) {
    if (low <= high) {
      ranges.add(new Range(low, high, target));
    }
  }

  private static void addEscapes(ByteDfaBuilder builder, int from, List<Range> ranges) {
    int[] targets = new int['\\' + 1];
    Arrays.fill(targets, ByteDfa.DEAD);
    boolean any = false;
    for (Range range : ranges) {
      for (int c = range.low(); c <= Math.min(range.high(), '\\'); c++) {
        if (c < JsonStrings.FIRST_UNESCAPED_CONTROL || c == '"' || c == '\\') {
          targets[c] = range.target();
          any = true;
        }
      }
    }
    if (!any) {
      return;
    }
    int backslash = builder.state(false, -1);
    builder.addByte(from, '\\', '\\', backslash);
    for (int i = 0; i < JsonStrings.SHORT_ESCAPES.length(); i++) {
      char c = JsonStrings.SHORT_ESCAPES.charAt(i);
      if (targets[c] != ByteDfa.DEAD) {
        int letter = JsonStrings.SHORT_ESCAPE_LETTERS.charAt(i);
        builder.addByte(backslash, letter, letter, targets[c]);
        targets[c] = ByteDfa.DEAD;
      }
    }
    addUnicodeEscapes(builder, backslash, targets);
  }

  private static void addUnicodeEscapes(ByteDfaBuilder builder, int backslash, int[] targets) {
    int zeros = ByteDfa.DEAD;
    for (int sixteen = 0; sixteen < JsonStrings.FIRST_UNESCAPED_CONTROL / 16; sixteen++) {
      int digit = ByteDfa.DEAD;
      for (int last = 0; last < 16; last++) {
        int target = targets[16 * sixteen + last];
        if (target == ByteDfa.DEAD) {
          continue;
        }
        if (zeros == ByteDfa.DEAD) {
          int u = builder.state(false, -1);
          int zero = builder.state(false, -1);
          zeros = builder.state(false, -1);
          builder.addByte(backslash, 'u', 'u', u);
          builder.addByte(u, '0', '0', zero);
          builder.addByte(zero, '0', '0', zeros);
        }
        if (digit == ByteDfa.DEAD) {
          digit = builder.state(false, -1);
          builder.addByte(zeros, '0' + sixteen, '0' + sixteen, digit);
        }
        int hex = Character.forDigit(last, 16);
        builder.addByte(digit, hex, hex, target);
      }
    }
  }
}
