package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a condition, and all that it leads to, as a grammar without dead ends: what has no finite
 * text is left out.
 */
final class GrammarBuilder {
  /** Maximum number of rules of a grammar. */
  private static final int MAX_RULES = 20_000;

  private static final int MAX_MIN_LENGTH = 100_000;

  private final Conditions conditions;
  private final ConditionEvaluator evaluator;
  private final Map<Condition, Forms> forms = new LinkedHashMap<>();
  private final Set<Condition> possible = new HashSet<>();
  private final Map<Condition, Rule> rules = new HashMap<>();

  GrammarBuilder(Conditions conditions, ConditionEvaluator evaluator) {
    this.conditions = conditions;
    this.evaluator = evaluator;
  }

  /** The values of a condition. */
  private record Forms(ValueSet set, List<ArrayForm> arrays, List<ObjectForm> objects) {}

  private static final class Rule implements ValueRule {
    private final String pointer;
    private List<Alternative> alternatives = List.of();

    Rule(Condition condition) {
      pointer = Condition.pointer(condition);
    }

    @Override
    public List<Alternative> alternatives() {
      return alternatives;
    }

    @Override
    public String pointer() {
      return pointer;
    }
  }

  /**
   * Builds the grammar.
   *
   * @throws SchemaException if no value satisfies the condition
   */
  ValueRule build(Condition root) {
    discover(root);
    findPossible();
    if (!possible.contains(root)) {
      throw nothingAllowed(root);
    }
    forms.keySet().forEach(condition -> rules.put(condition, new Rule(condition)));
    forms.forEach(
        (condition, form) -> {
          if (possible.contains(condition)) {
            rule(condition).alternatives = alternatives(condition, form);
          }
        });
    return rule(root);
  }

  private void discover(Condition root) {
    List<Condition> queue = new ArrayList<>(List.of(root));
    while (!queue.isEmpty()) {
      Condition condition = queue.remove(queue.size() - 1);
      if (forms.containsKey(condition)) {
        continue;
      }
      Forms found = formsOf(condition);
      forms.put(condition, found);
      if (forms.size() > MAX_RULES) {
        throw new SchemaException(
            "", "needs more than %s rules: combine fewer conditions".formatted(MAX_RULES));
      }
      found.arrays.forEach(array -> array.items().forEach(queue::add));
      found.objects.forEach(object -> object.values().forEach(queue::add));
    }
  }

  private Forms formsOf(Condition condition) {
    try {
      ValueSet set = evaluator.evaluate(condition);
      return new Forms(
          set,
          set.arrays().stream().map(array -> ArrayForm.of(array, conditions)).toList(),
          set.objects().stream()
              .flatMap(object -> object.withDemandsNamed(conditions).stream())
              .map(object -> ObjectForm.of(object, conditions))
              .toList());
    } catch (SchemaException e) {
      throw e;
    } catch (ConstraintException e) {
      throw new SchemaException(Condition.pointer(condition), String.valueOf(e.getMessage()));
    }
  }

  /** A least fixed point: a value exists if it can be built from values that exist. */
  private void findPossible() {
    List<Condition> open = new ArrayList<>(forms.keySet());
    // What was discovered last is nested most deeply.
    Collections.reverse(open);
    boolean found = true;
    while (found) {
      found = open.removeIf(condition -> isPossible(form(condition)) && possible.add(condition));
    }
  }

  /** Names the innermost place that has no value, if the values around it need one there. */
  private SchemaException nothingAllowed(Condition root) {
    Condition culprit = root;
    Set<Condition> seen = new HashSet<>();
    while (seen.add(culprit)) {
      Forms form = form(culprit);
      List<Condition> demanded =
          Stream.concat(
                  form.objects.stream()
                      .flatMap(object -> object.set().members().values().stream())
                      .filter(ObjectSet.Member::required)
                      .map(ObjectSet.Member::value),
                  form.arrays.stream()
                      .filter(array -> array.set().min() > 0)
                      .map(array -> array.set().item(0)))
              .filter(condition -> !possible.contains(condition) && forms.containsKey(condition))
              .filter(condition -> condition != Condition.NOTHING)
              .toList();
      culprit = demanded.isEmpty() ? culprit : demanded.get(0);
    }
    return new SchemaException(
        Condition.pointer(culprit),
        culprit == root
            ? "allows no value: its conditions contradict each other"
            : "allows no value, but is required: its conditions contradict each other");
  }

  private Forms form(Condition condition) {
    return Objects.requireNonNull(forms.get(condition), "discovered");
  }

  private boolean isPossible(Forms form) {
    ValueSet set = form.set;
    return !set.literals().isEmpty()
        || !set.numbers().isEmpty()
        || !set.strings().isEmpty()
        || form.arrays.stream().anyMatch(this::isPossible)
        || form.objects.stream().anyMatch(object -> object.isPossible(possible::contains));
  }

  private boolean isPossible(ArrayForm array) {
    return array.isPossible(possible::contains)
        && (!array.set().unique()
            || array.set().min() <= array.prefix().size()
            || form(array.rest().matching())
                .set
                .hasAtLeast(array.set().min() - array.prefix().size()));
  }

  private Rule rule(Condition condition) {
    return rules.computeIfAbsent(condition, Rule::new);
  }

  private List<Alternative> alternatives(Condition condition, Forms form) {
    List<Alternative> alternatives = new ArrayList<>();
    for (ValueSet.Literal literal : form.set.literals()) {
      alternatives.add(new LiteralAlternative(literal.name().toLowerCase(Locale.ROOT)));
    }
    if (!form.set.numbers().isEmpty()) {
      alternatives.add(form.set.numbers().toAlternative());
    }
    for (StringSet string : form.set.strings()) {
      if (string.min() > MAX_MIN_LENGTH) {
        throw new SchemaException(
            Condition.pointer(condition),
            "a string of %s characters or more cannot be generated".formatted(string.min()));
      }
      alternatives.add(new StringAlternative(string.content(), string.min(), string.max()));
    }
    for (ArrayForm array : form.arrays) {
      if (isPossible(array)) {
        alternatives.add(alternative(condition, array));
      }
    }
    for (ObjectForm object : form.objects) {
      if (object.isPossible(possible::contains)) {
        alternatives.add(alternative(object));
      }
    }
    return List.copyOf(alternatives);
  }

  private ArrayAlternative alternative(Condition condition, ArrayForm form) {
    ArraySet set = form.set();
    int max = form.maxItems(possible::contains);
    boolean unique = set.unique() && max > 1;
    if (unique && !form.reachable(max).allMatch(this::isScalar)) {
      throw new SchemaException(
          Condition.pointer(condition),
          "uniqueItems is supported only where items are strings, numbers, booleans or null: state their type");
    }
    if (unique && !(form.prefix().isEmpty() && set.contains().isEmpty())) {
      throw new SchemaException(
          Condition.pointer(condition),
          "uniqueItems together with prefixItems or contains cannot be enforced: remove one of them");
    }
    return new ArrayAlternative(
        form.prefix().stream().limit(max).map(this::item).toList(),
        item(form.rest()),
        set.min(),
        max,
        form.minContains(),
        form.maxContains(),
        unique);
  }

  private ArrayAlternative.Item item(ArrayForm.Item item) {
    return new ArrayAlternative.Item(rule(item.matching()), rule(item.other()));
  }

  private boolean isScalar(Condition item) {
    ValueSet set = form(item).set;
    return set.arrays().isEmpty() && set.objects().isEmpty();
  }

  private ObjectAlternative alternative(ObjectForm form) {
    ObjectSet set = form.set();
    List<ObjectAlternative.Property> properties = new ArrayList<>();
    set.members()
        .forEach(
            (name, member) -> {
              if (possible.contains(member.value())) {
                properties.add(
                    new ObjectAlternative.Property(name, rule(member.value()), member.required()));
              }
            });
    List<ObjectAlternative.Additional> additional = new ArrayList<>();
    form.additional()
        .forEach(
            (value, names) -> {
              if (possible.contains(value)) {
                additional.add(new ObjectAlternative.Additional(names, rule(value)));
              }
            });
    return new ObjectAlternative(properties, additional, set.min(), set.max());
  }
}
