package io.nightshift.operators.jinja.syntax;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds which of some special names a body uses before it gives them a meaning of its own. */
final class UndeclaredNames {
  private final Set<String> candidates;
  private final Set<String> found = new HashSet<>();

  private UndeclaredNames(Set<String> candidates) {
    this.candidates = new HashSet<>(candidates);
  }

  static Set<String> find(List<? extends Node> nodes, Set<String> candidates) {
    UndeclaredNames names = new UndeclaredNames(candidates);
    nodes.forEach(names::visit);
    return names.found;
  }

  private void visit(Node node) {
    if (node instanceof Name name) {
      if (candidates.contains(name.name())) {
        found.add(name.name());
      }
    } else if (node instanceof NameTarget target) {
      candidates.remove(target.name());
    }
    node.children().forEach(this::visit);
  }
}
