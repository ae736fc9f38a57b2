package io.nightshift.operators.answer;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.RegExp;

/** Grammars written by hand. */
final class Grammars {
  /** A rule whose alternatives may be added later, for recursion. */
  static final class Rule implements ValueRule {
    private final List<Alternative> alternatives = new ArrayList<>();

    Rule(Alternative... alternatives) {
      this.alternatives.addAll(List.of(alternatives));
    }

    void add(Alternative alternative) {
      alternatives.add(alternative);
    }

    @Override
    public List<Alternative> alternatives() {
      return alternatives;
    }
  }

  private static final Automaton INTEGERS = automaton("0|-?[1-9][0-9]*");

  static final Alternative NULL = new LiteralAlternative("null");
  static final Alternative TRUE = new LiteralAlternative("true");
  static final Alternative FALSE = new LiteralAlternative("false");
  static final Alternative STRING =
      new StringAlternative(CodePointLanguages.all(), 0, Integer.MAX_VALUE);
  static final Alternative INTEGER = new NumberAlternative(INTEGERS, true);
  static final Alternative NUMBER =
      new NumberAlternative(automaton("-?(0|[1-9][0-9]*)(\\.[0-9]+)?"), false);

  private Grammars() {}

  static Automaton automaton(String regularExpression) {
    return CodePointLanguages.minimal(new RegExp(regularExpression, RegExp.NONE).toAutomaton());
  }

  static Alternative integers(String regularExpression) {
    return new NumberAlternative(automaton(regularExpression), true);
  }

  static Rule rule(Alternative... alternatives) {
    return new Rule(alternatives);
  }

  static Rule boolOrNull() {
    return rule(TRUE, FALSE, NULL);
  }

  static ArrayAlternative array(ValueRule rest, ValueRule... prefix) {
    return new ArrayAlternative(
        Arrays.stream(prefix).map(Grammars::item).toList(),
        item(rest),
        0,
        Integer.MAX_VALUE,
        0,
        Integer.MAX_VALUE,
        false);
  }

  private static ArrayAlternative.Item item(ValueRule rule) {
    return new ArrayAlternative.Item(rule, rule());
  }

  static ObjectAlternative.Property required(String name, ValueRule value) {
    return new ObjectAlternative.Property(name, value, true);
  }

  static ObjectAlternative.Property optional(String name, ValueRule value) {
    return new ObjectAlternative.Property(name, value, false);
  }

  static ObjectAlternative object(ObjectAlternative.Property... properties) {
    return new ObjectAlternative(List.of(properties), List.of(), 0, Integer.MAX_VALUE);
  }

  /** Names that match the regular expression may be added. */
  static ObjectAlternative open(
      String names, ValueRule value, ObjectAlternative.Property... properties) {
    return new ObjectAlternative(
        List.of(properties),
        List.of(new ObjectAlternative.Additional(automaton(names), value)),
        0,
        Integer.MAX_VALUE);
  }

  /** Any JSON value. */
  static Rule any() {
    Rule any = rule(NULL, TRUE, FALSE, STRING, NUMBER);
    any.add(array(any));
    any.add(open(".*", any));
    return any;
  }
}
