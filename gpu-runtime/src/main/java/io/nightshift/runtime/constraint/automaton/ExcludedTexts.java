package io.nightshift.runtime.constraint.automaton;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.util.automaton.Automaton;

/**
 * Builds the automaton of all strings but some: a trie of these, which every other character leaves
 * for a state that accepts everything. Linear in the length of the strings, where the complement of
 * an automaton would be made minimal first.
 */
final class ExcludedTexts {
  private static final class Node {
    final Map<Integer, Node> next = new TreeMap<>();
    final int state;
    boolean excluded;

    Node(int state) {
      this.state = state;
    }
  }

  private final Automaton automaton = new Automaton();
  private final Node root = new Node(automaton.createState());
  private final int anything = automaton.createState();

  void add(String text) {
    Node node = root;
    for (int c : text.codePoints().toArray()) {
      node = node.next.computeIfAbsent(c, key -> new Node(automaton.createState()));
    }
    node.excluded = true;
  }

  Automaton build() {
    automaton.setAccept(anything, true);
    addOthers(anything, 0, Character.MAX_CODE_POINT);
    Deque<Node> nodes = new ArrayDeque<>();
    nodes.add(root);
    while (!nodes.isEmpty()) {
      Node node = nodes.remove();
      automaton.setAccept(node.state, !node.excluded);
      int from = 0;
      for (Map.Entry<Integer, Node> entry : node.next.entrySet()) {
        addOthers(node.state, from, entry.getKey() - 1);
        automaton.addTransition(node.state, entry.getValue().state, entry.getKey());
        from = entry.getKey() + 1;
        nodes.add(entry.getValue());
      }
      addOthers(node.state, from, Character.MAX_CODE_POINT);
    }
    automaton.finishState();
    return automaton;
  }

  /** Adds transitions by the characters of a range, which surrogates are not. */
  private void addOthers(int state, int from, int to) {
    addRange(state, from, Math.min(to, Character.MIN_SURROGATE - 1));
    addRange(state, Math.max(from, Character.MAX_SURROGATE + 1), to);
  }

  private void addRange(int state, int from, int to) {
    if (from <= to) {
      automaton.addTransition(state, anything, from, to);
    }
  }
}
