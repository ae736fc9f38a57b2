package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/**
 * The names of properties to which some keyword has applied: what {@code unevaluatedProperties}
 * does not apply to.
 *
 * @param names single names
 * @param languages sets of names
 */
record EvaluatedNames(Set<String> names, List<Automaton> languages) {
  static final EvaluatedNames NONE = new EvaluatedNames(Set.of(), List.of());
  static final EvaluatedNames ALL = new EvaluatedNames(Set.of(), List.of(CodePointLanguages.all()));

  EvaluatedNames and(EvaluatedNames other) {
    if (other == NONE) {
      return this;
    }
    return this == NONE
        ? other
        : new EvaluatedNames(
            Stream.concat(names.stream(), other.names.stream()).collect(Collectors.toSet()),
            Stream.concat(languages.stream(), other.languages.stream()).distinct().toList());
  }

  boolean contains(String name) {
    return names.contains(name)
        || languages.stream().anyMatch(language -> Operations.run(language, name));
  }

  /** The names that are not evaluated, apart from the single ones, which are. */
  Automaton others() {
    Automaton others = CodePointLanguages.all();
    for (Automaton language : languages) {
      others = CodePointLanguages.minus(others, language);
    }
    return others;
  }
}
