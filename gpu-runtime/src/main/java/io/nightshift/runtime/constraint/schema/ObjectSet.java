package io.nightshift.runtime.constraint.schema;

import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.all;
import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.complement;
import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.intersection;
import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.minus;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.jspecify.annotations.Nullable;

/**
 * Objects.
 *
 * @param members conditions on named properties, in the order of the schema. A name that is not
 *     allowed has the condition {@link Condition#NOTHING}
 * @param rules conditions on all properties that are not in {@code members}
 * @param names names that such properties may have
 * @param demands properties of which the object has at least one each, of any name: there is a
 *     property whose name is in the language and whose value satisfies the condition
 * @param evaluated names to which keywords have applied, if the schema asks for them
 * @param min minimum number of properties
 * @param max maximum number of properties; {@link Integer#MAX_VALUE} for none
 */
record ObjectSet(
    Map<String, Member> members,
    List<NameRule> rules,
    Automaton names,
    List<NameRule> demands,
    EvaluatedNames evaluated,
    int min,
    int max) {
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /** Names that a demand may have and that are tried, if the schema does not mention them. */
  private static final int MAX_CANDIDATES = 50;

  static final ObjectSet ALL =
      new ObjectSet(Map.of(), List.of(), all(), List.of(), EvaluatedNames.NONE, 0, UNBOUNDED);

  /** A named property. */
  record Member(Condition value, boolean required) {}

  /** A condition on the values of all properties whose names are in a language. */
  record NameRule(Automaton names, Condition value) {}

  /** The condition on the value of a property. */
  Condition valueOf(String name, Conditions conditions) {
    Member member = members.get(name);
    return member == null ? valueByRules(name, conditions) : member.value();
  }

  private Condition valueByRules(String name, Conditions conditions) {
    if (names != all() && !Operations.run(names, name)) {
      return Condition.NOTHING;
    }
    List<Condition> applying =
        rules.stream()
            .filter(rule -> rule.names() == all() || Operations.run(rule.names(), name))
            .map(NameRule::value)
            .toList();
    return conditions.all(applying);
  }

  private boolean requires(String name) {
    Member member = members.get(name);
    return member != null && member.required();
  }

  /** Returns null if no object is in both sets. */
  @Nullable ObjectSet intersect(ObjectSet other, Conditions conditions) {
    Map<String, Member> both = new LinkedHashMap<>();
    for (String name :
        Stream.concat(members.keySet().stream(), other.members.keySet().stream()).toList()) {
      if (both.containsKey(name)) {
        continue;
      }
      Condition value = conditions.all(valueOf(name, conditions), other.valueOf(name, conditions));
      boolean required = requires(name) || other.requires(name);
      if (required && value == Condition.NOTHING) {
        return null;
      }
      both.put(name, new Member(value, required));
    }
    ObjectSet result =
        new ObjectSet(
            both,
            Stream.concat(rules.stream(), other.rules.stream()).distinct().toList(),
            intersection(names, other.names),
            Stream.concat(demands.stream(), other.demands.stream()).distinct().toList(),
            evaluated.and(other.evaluated),
            Math.max(min, other.min),
            Math.min(max, other.max));
    return result.min > result.max || result.requiredCount() > result.max ? null : result;
  }

  long requiredCount() {
    return members.values().stream().filter(Member::required).count();
  }

  /** This set, of objects that have a property, or that have it not. */
  ObjectSet with(String name, Condition value, boolean required) {
    Map<String, Member> changed = new LinkedHashMap<>(members);
    changed.put(name, new Member(value, required));
    return new ObjectSet(changed, rules, names, demands, evaluated, min, max);
  }

  /** The objects that violate a condition. */
  List<ObjectSet> violations(Conditions conditions) {
    List<ObjectSet> sets = new ArrayList<>();
    if (min > 0) {
      sets.add(ALL.withSize(0, min - 1));
    }
    if (max < UNBOUNDED) {
      sets.add(ALL.withSize(max + 1, UNBOUNDED));
    }
    members.forEach(
        (name, member) -> {
          if (member.required()) {
            sets.add(ALL.with(name, Condition.NOTHING, false));
          }
          if (member.value() != Condition.ANYTHING) {
            sets.add(ALL.with(name, conditions.not(member.value()), true));
          }
        });
    for (NameRule rule : rules) {
      if (rule.value() != Condition.ANYTHING) {
        Automaton unnamed = minus(rule.names(), CodePointLanguages.of(members.keySet()));
        sets.add(ALL.demanding(new NameRule(unnamed, conditions.not(rule.value()))));
      }
    }
    if (names != all()) {
      Automaton others = minus(complement(names), CodePointLanguages.of(members.keySet()));
      sets.add(ALL.demanding(new NameRule(others, Condition.ANYTHING)));
    }
    for (NameRule demand : demands) {
      sets.add(ALL.withRule(new NameRule(demand.names(), conditions.not(demand.value()))));
    }
    return sets;
  }

  private ObjectSet demanding(NameRule demand) {
    return new ObjectSet(members, rules, names, List.of(demand), evaluated, min, max);
  }

  private ObjectSet withSize(int least, int most) {
    return new ObjectSet(members, rules, names, demands, evaluated, least, most);
  }

  private ObjectSet withRule(NameRule rule) {
    List<NameRule> more = Stream.concat(rules.stream(), Stream.of(rule)).toList();
    return new ObjectSet(members, more, names, demands, evaluated, min, max);
  }

  /** This set, with all names evaluated. */
  private ObjectSet withAllEvaluated() {
    return new ObjectSet(members, rules, names, demands, EvaluatedNames.ALL, min, max);
  }

  /**
   * The objects in which a condition holds for all properties that are not evaluated. Afterwards
   * all are.
   */
  ObjectSet withUnevaluated(Condition value, Conditions conditions) {
    Map<String, Member> changed = new LinkedHashMap<>();
    members.forEach(
        (name, member) ->
            changed.put(
                name,
                evaluated.contains(name)
                    ? member
                    : new Member(conditions.all(member.value(), value), member.required())));
    for (String name : evaluated.names()) {
      changed.computeIfAbsent(name, key -> new Member(valueOf(key, conditions), false));
    }
    return new ObjectSet(changed, rules, names, demands, evaluated, min, max)
        .withRule(new NameRule(evaluated.others(), value))
        .withAllEvaluated();
  }

  /**
   * The objects in which properties of known names satisfy all demands. Those in which only a
   * property of another name satisfies one are left out.
   */
  List<ObjectSet> withDemandsNamed(Conditions conditions) {
    List<ObjectSet> sets = List.of(this);
    for (NameRule demand : demands) {
      Set<String> candidates = candidates(demand);
      List<ObjectSet> next = new ArrayList<>();
      for (ObjectSet set : sets) {
        candidates.stream()
            .map(name -> set.intersect(ALL.with(name, demand.value(), true), conditions))
            .filter(Objects::nonNull)
            .forEach(next::add);
      }
      sets = next;
    }
    return sets.stream().map(ObjectSet::withoutDemands).toList();
  }

  private Set<String> candidates(NameRule demand) {
    Set<String> candidates = new LinkedHashSet<>(members.keySet());
    candidates.removeIf(name -> !Operations.run(demand.names(), name));
    if (CodePointLanguages.count(demand.names(), MAX_CANDIDATES) < MAX_CANDIDATES) {
      candidates.addAll(CodePointLanguages.strings(demand.names()));
    }
    return candidates;
  }

  private ObjectSet withoutDemands() {
    return new ObjectSet(members, rules, names, List.of(), evaluated, min, max);
  }
}
