package io.nightshift.runtime.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/**
 * Characters that some sets do not tell apart, as one symbol each. An automaton whose transitions
 * are made of these sets is much smaller over symbols, and so is the work on it: a set such as the
 * letters has hundreds of ranges, but is one symbol.
 */
public final class Alphabet {
  /** Starts of the intervals that are one symbol each, sorted. */
  private final int[] starts;

  /** Symbol of each interval; -1 for what is in no set. */
  private final int[] symbols;

  private final List<CodePointSet> members;

  private Alphabet(int[] starts, int[] symbols, List<CodePointSet> members) {
    this.starts = starts;
    this.symbols = symbols;
    this.members = members;
  }

  /** The coarsest alphabet in which each of the sets is a set of symbols. */
  public static Alphabet of(Collection<CodePointSet> sets) {
    List<CodePointSet> distinct = new ArrayList<>(new LinkedHashSet<>(sets));
    long[] events = events(distinct);
    BitSet current = new BitSet();
    Map<BitSet, Integer> symbolOfSets = new HashMap<>();
    List<List<CodePointSet>> parts = new ArrayList<>();
    int[] starts = new int[events.length];
    int[] symbols = new int[events.length];
    int size = 0;
    for (int i = 0; i < events.length; ) {
      int point = point(events[i]);
      for (; i < events.length && point(events[i]) == point; i++) {
        current.flip((int) events[i]);
      }
      starts[size] = point;
      symbols[size] = -1;
      if (!current.isEmpty()) {
        Integer known = symbolOfSets.get(current);
        int symbol = known == null ? parts.size() : known;
        if (known == null) {
          symbolOfSets.put((BitSet) current.clone(), symbol);
          parts.add(new ArrayList<>());
        }
        symbols[size] = symbol;
        parts.get(symbol).add(CodePointSet.range(point, point(events[i]) - 1));
      }
      size++;
    }
    return new Alphabet(
        Arrays.copyOf(starts, size),
        Arrays.copyOf(symbols, size),
        parts.stream().map(CodePointSet::union).toList());
  }

  /** The coarsest alphabet in which automata over code points can be written. */
  static Alphabet of(Automaton... automata) {
    List<CodePointSet> sets = new ArrayList<>();
    for (Automaton automaton : automata) {
      for (int state = 0; state < automaton.getNumStates(); state++) {
        sets.addAll(labels(automaton, state).values());
      }
    }
    return of(sets);
  }

  /** The characters that lead from a state to each of the next ones. */
  private static Map<Integer, CodePointSet> labels(Automaton automaton, int state) {
    Map<Integer, List<CodePointSet>> ranges = new LinkedHashMap<>();
    Transition transition = new Transition();
    int count = automaton.initTransition(state, transition);
    for (int i = 0; i < count; i++) {
      automaton.getNextTransition(transition);
      ranges
          .computeIfAbsent(transition.dest, key -> new ArrayList<>())
          .add(CodePointSet.range(transition.min, transition.max));
    }
    Map<Integer, CodePointSet> labels = new LinkedHashMap<>();
    ranges.forEach((target, parts) -> labels.put(target, CodePointSet.union(parts)));
    return labels;
  }

  /** Where a set begins or ends: the code point in the upper half, the set's index below. */
  private static long[] events(List<CodePointSet> sets) {
    List<Long> events = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      CodePointSet set = sets.get(i);
      for (int range = 0; range < set.rangeCount(); range++) {
        events.add((long) set.first(range) << 32 | i);
        events.add((long) (set.last(range) + 1) << 32 | i);
      }
    }
    return events.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private static int point(long event) {
    return (int) (event >>> 32);
  }

  /** Number of symbols; they are numbered from 0. */
  public int size() {
    return members.size();
  }

  /** The symbols of one of the sets, sorted. */
  public int[] symbols(CodePointSet set) {
    BitSet found = new BitSet();
    for (int range = 0; range < set.rangeCount(); range++) {
      int index = Arrays.binarySearch(starts, set.first(range));
      for (; index < starts.length && starts[index] <= set.last(range); index++) {
        found.set(symbols[index]);
      }
    }
    return found.stream().toArray();
  }

  /** An automaton over symbols from one over code points: one of those the alphabet is made of. */
  Automaton compress(Automaton overCodePoints) {
    Map<CodePointSet, int[]> known = new HashMap<>();
    Automaton compressed = new Automaton();
    for (int state = 0; state < overCodePoints.getNumStates(); state++) {
      compressed.createState();
      compressed.setAccept(state, overCodePoints.isAccept(state));
    }
    for (int state = 0; state < overCodePoints.getNumStates(); state++) {
      for (Map.Entry<Integer, CodePointSet> label : labels(overCodePoints, state).entrySet()) {
        for (int symbol : known.computeIfAbsent(label.getValue(), this::symbols)) {
          compressed.addTransition(state, label.getKey(), symbol);
        }
      }
    }
    compressed.finishState();
    return compressed;
  }

  /**
   * An automaton over code points from one over symbols.
   *
   * @throws ConstraintException if it has more than {@link CodePointLanguages#MAX_TRANSITIONS}
   */
  public Automaton expand(Automaton overSymbols) {
    Automaton expanded = new Automaton();
    Transition transition = new Transition();
    for (int state = 0; state < overSymbols.getNumStates(); state++) {
      expanded.createState();
      expanded.setAccept(state, overSymbols.isAccept(state));
    }
    for (int state = 0; state < overSymbols.getNumStates(); state++) {
      int count = overSymbols.initTransition(state, transition);
      for (int i = 0; i < count; i++) {
        overSymbols.getNextTransition(transition);
        for (int symbol = transition.min; symbol <= transition.max; symbol++) {
          CodePointSet set = members.get(symbol);
          if (expanded.getNumTransitions() + set.rangeCount()
              > CodePointLanguages.MAX_TRANSITIONS) {
            throw CodePointLanguages.tooComplex();
          }
          for (int range = 0; range < set.rangeCount(); range++) {
            expanded.addTransition(state, transition.dest, set.first(range), set.last(range));
          }
        }
      }
    }
    expanded.finishState();
    return expanded;
  }
}
