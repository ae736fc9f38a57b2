package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;

/** Turns a grammar into machines. */
final class Machines {
  /** Maximum number of bytes of the shortest text of a value. */
  static final int MAX_BYTES = 100_000;

  // A property has a name of two quotation marks, a colon, a value of one byte, and a comma.
  private static final int MAX_MIN_PROPERTIES = MAX_BYTES / 5;
  private static final int MAX_MIN_ITEMS = MAX_BYTES / 2;

  private static final String TOO_LONG =
      "the shortest value has more than %s bytes, which is too long to generate: lower minLength, minItems or minProperties"
          .formatted(MAX_BYTES);

  private final boolean spaces;
  private final Map<ValueRule, Value> values = new IdentityHashMap<>();
  private final List<Value> ordered = new ArrayList<>();
  private final Deque<ValueRule> waiting = new ArrayDeque<>();
  private final Map<Automaton, ByteDfa> strings = new IdentityHashMap<>();
  private final Map<Automaton, ByteDfa> plain = new IdentityHashMap<>();

  private Machines(boolean spaces) {
    this.spaces = spaces;
  }

  /**
   * The machines of a rule and of all that it refers to.
   *
   * @throws ConstraintException if a value cannot be enforced, or its shortest text is too long to
   *     generate; the message names the place in the schema
   */
  static Value of(ValueRule root, boolean spaces) {
    Machines machines = new Machines(spaces);
    Value value = machines.value(root);
    for (ValueRule rule = machines.waiting.poll(); rule != null; rule = machines.waiting.poll()) {
      List<Machine> forms = new ArrayList<>();
      for (Alternative alternative : rule.alternatives()) {
        try {
          forms.add(machines.machine(alternative));
        } catch (ConstraintException e) {
          throw new ConstraintException("#%s: %s".formatted(rule.pointer(), e.getMessage()));
        }
      }
      machines.value(rule).set(forms, Enumeration.of(rule));
    }
    machines.shorten();
    for (Value each : machines.ordered) {
      if (each.longest() > MAX_BYTES) {
        throw new ConstraintException("#%s: %s".formatted(each.pointer(), TOO_LONG));
      }
    }
    return value;
  }

  /** Shortest texts of rules that refer to each other: the least fixed point. */
  private void shorten() {
    Collections.reverse(ordered);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Value value : ordered) {
        changed |= value.shorten();
      }
    }
  }

  private Value value(ValueRule rule) {
    Value known = values.get(rule);
    if (known == null) {
      known = new Value(rule.pointer());
      values.put(rule, known);
      ordered.add(known);
      waiting.add(rule);
    }
    return known;
  }

  private Machine machine(Alternative alternative) {
    if (alternative instanceof LiteralAlternative literal) {
      return TextMachine.of(plain(CodePointLanguages.of(literal.text())));
    }
    if (alternative instanceof NumberAlternative number) {
      return TextMachine.of(plain(number.text()));
    }
    if (alternative instanceof StringAlternative string) {
      return string(string);
    }
    return alternative instanceof ArrayAlternative array
        ? array(array)
        : object((ObjectAlternative) alternative);
  }

  private Machine string(StringAlternative string) {
    ByteDfa texts = quoted(string.content());
    return string.minLength() == 0 && string.maxLength() == Integer.MAX_VALUE
        ? TextMachine.of(texts)
        : TextMachine.counted(texts, string.content(), string.minLength(), string.maxLength());
  }

  private Machine array(ArrayAlternative array) {
    if (array.minItems() > MAX_MIN_ITEMS) {
      throw new ConstraintException(TOO_LONG);
    }
    if (array.uniqueItems()) {
      return new UniqueArrayMachine(
          UniqueItems.forms(array), array.minItems(), array.maxItems(), spaces);
    }
    return new ArrayMachine(
        array.prefix().stream().map(this::item).toList(),
        item(array.rest()),
        array.minItems(),
        array.maxItems(),
        array.minContains(),
        array.maxContains(),
        spaces);
  }

  private ArrayMachine.Item item(ArrayAlternative.Item item) {
    return new ArrayMachine.Item(value(item.matching()), value(item.other()));
  }

  private Machine object(ObjectAlternative object) {
    if (object.minProperties() > MAX_MIN_PROPERTIES) {
      throw new ConstraintException(TOO_LONG);
    }
    List<ObjectMachine.Property> properties = new ArrayList<>();
    for (ObjectAlternative.Property property : object.properties()) {
      properties.add(
          new ObjectMachine.Property(
              property.name(), value(property.value()), property.required()));
    }
    List<ObjectMachine.Additional> additional = new ArrayList<>();
    for (ObjectAlternative.Additional kind : object.additional()) {
      additional.add(new ObjectMachine.Additional(quoted(kind.names()), value(kind.value())));
    }
    return new ObjectMachine(
        properties, additional, object.minProperties(), object.maxProperties(), spaces);
  }

  private ByteDfa quoted(Automaton content) {
    return strings.computeIfAbsent(content, ByteDfas::quoted);
  }

  private ByteDfa plain(Automaton texts) {
    return plain.computeIfAbsent(texts, ByteDfas::plain);
  }
}
