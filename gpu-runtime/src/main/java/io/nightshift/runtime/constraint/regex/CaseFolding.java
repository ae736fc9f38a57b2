package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.CodePointSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Simple case folding (Unicode, CaseFolding.txt, status C and S), from the data of the JDK. */
final class CaseFolding {
  private static final int DOTTED_CAPITAL_I = 0x130;
  private static final int DOTLESS_SMALL_I = 0x131;

  /** Characters that fold to the same one, where there is more than one. */
  private static final Collection<CodePointSet> EQUIVALENT = equivalent();

  private CaseFolding() {}

  /** The characters that are equal to one of the set, but for their case. */
  static CodePointSet close(CodePointSet set) {
    List<CodePointSet> closed = new ArrayList<>(List.of(set));
    for (CodePointSet characters : EQUIVALENT) {
      if (characters.intersection(set).rangeCount() > 0) {
        closed.add(characters);
      }
    }
    return CodePointSet.union(closed);
  }

  private static Collection<CodePointSet> equivalent() {
    Map<Integer, CodePointSet> classes = new HashMap<>();
    IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> fold(c) != c)
        .forEach(c -> classes.merge(fold(c), CodePointSet.of(c, fold(c)), CodePointSet::union));
    return classes.values();
  }

  private static int fold(int c) {
    if (c == DOTTED_CAPITAL_I || c == DOTLESS_SMALL_I) {
      return c;
    }
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
