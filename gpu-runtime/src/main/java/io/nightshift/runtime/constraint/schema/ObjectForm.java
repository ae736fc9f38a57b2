package io.nightshift.runtime.constraint.schema;

import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.all;
import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.intersection;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.schema.ObjectSet.Member;
import io.nightshift.runtime.constraint.schema.ObjectSet.NameRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/**
 * A set of objects whose additional properties are divided by their names, so that one condition
 * applies to each of them.
 *
 * @param additional disjoint languages of names, with the condition on their values
 */
record ObjectForm(ObjectSet set, Map<Condition, Automaton> additional) {
  /** More names than any minimum that a schema sensibly has. */
  private static final int MANY = 1_000;

  static ObjectForm of(ObjectSet set, Conditions conditions) {
    Condition everywhere =
        conditions.all(
            set.rules().stream()
                .filter(rule -> rule.names() == all())
                .map(NameRule::value)
                .toList());
    if (everywhere == Condition.NOTHING || Operations.isEmpty(set.names())) {
      return new ObjectForm(set, Map.of());
    }
    List<NameRule> parts = new ArrayList<>();
    parts.add(new NameRule(set.names(), everywhere));
    for (NameRule rule : set.rules()) {
      if (rule.names() != all()) {
        parts = divided(parts, rule, conditions);
      }
    }
    Map<Condition, Automaton> additional = new LinkedHashMap<>();
    for (NameRule part : parts) {
      additional.merge(part.value(), part.names(), CodePointLanguages::union);
    }
    Automaton unnamed = CodePointLanguages.allBut(set.members().keySet());
    additional.replaceAll((value, names) -> CodePointLanguages.within(names, unnamed));
    additional.values().removeIf(Operations::isEmpty);
    return new ObjectForm(set, additional);
  }

  private static List<NameRule> divided(
      List<NameRule> parts, NameRule rule, Conditions conditions) {
    List<NameRule> result = new ArrayList<>();
    for (NameRule part : parts) {
      Automaton inside = intersection(part.names(), rule.names());
      if (Operations.isEmpty(inside)) {
        result.add(part);
        continue;
      }
      Condition value = conditions.all(part.value(), rule.value());
      if (value != Condition.NOTHING) {
        result.add(new NameRule(inside, value));
      }
      Automaton outside = CodePointLanguages.minus(part.names(), rule.names());
      if (!Operations.isEmpty(outside)) {
        result.add(new NameRule(outside, part.value()));
      }
    }
    return result;
  }

  /** The conditions on values of properties. */
  Stream<Condition> values() {
    return Stream.concat(
        set.members().values().stream().map(Member::value), additional.keySet().stream());
  }

  /** Whether some object exists, given which conditions have a value. */
  boolean isPossible(Predicate<Condition> possible) {
    long names = 0;
    for (Member member : set.members().values()) {
      if (possible.test(member.value())) {
        names++;
      } else if (member.required()) {
        return false;
      }
    }
    if (set.requiredCount() > set.max()) {
      return false;
    }
    for (Map.Entry<Condition, Automaton> part : additional.entrySet()) {
      if (names < set.min() && possible.test(part.getKey())) {
        names += CodePointLanguages.count(part.getValue(), MANY);
      }
    }
    return names >= Math.min(set.min(), MANY);
  }
}
