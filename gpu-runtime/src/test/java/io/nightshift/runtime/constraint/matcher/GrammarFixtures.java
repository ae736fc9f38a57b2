package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.RegExp;

/** Grammars made by hand. */
public final class GrammarFixtures {
  public static final int UNBOUNDED = Integer.MAX_VALUE;
  public static final ValueRule NOTHING = rule();

  private GrammarFixtures() {}

  /** A rule whose alternatives may be set later, for recursion. */
  public static final class Rule implements ValueRule {
    private final List<Alternative> alternatives = new ArrayList<>();

    public void add(Alternative alternative) {
      alternatives.add(alternative);
    }

    @Override
    public List<Alternative> alternatives() {
      return alternatives;
    }
  }

  public static Rule rule(Alternative... alternatives) {
    Rule rule = new Rule();
    List.of(alternatives).forEach(rule::add);
    return rule;
  }

  /** The language of a regular expression in Lucene's syntax. */
  public static Automaton language(String expression) {
    return CodePointLanguages.minimal(new RegExp(expression, RegExp.NONE).toAutomaton());
  }

  public static StringAlternative string(String expression, int min, int max) {
    return new StringAlternative(language(expression), min, max);
  }

  public static StringAlternative string(String expression) {
    return string(expression, 0, UNBOUNDED);
  }

  public static StringAlternative anyString(int min, int max) {
    return new StringAlternative(CodePointLanguages.all(), min, max);
  }

  public static StringAlternative anyString() {
    return anyString(0, UNBOUNDED);
  }

  public static NumberAlternative number(String expression) {
    return new NumberAlternative(language(expression), false);
  }

  public static LiteralAlternative literal(String text) {
    return new LiteralAlternative(text);
  }

  public static ValueRule bool() {
    return rule(literal("true"), literal("false"));
  }

  public static ArrayAlternative array(ValueRule items, int min, int max) {
    return new ArrayAlternative(
        List.of(), new ArrayAlternative.Item(items, NOTHING), min, max, 0, UNBOUNDED, false);
  }

  public static ArrayAlternative uniqueArray(ValueRule items, int min, int max) {
    return new ArrayAlternative(
        List.of(), new ArrayAlternative.Item(items, NOTHING), min, max, 0, UNBOUNDED, true);
  }

  public static ObjectAlternative.Property required(String name, ValueRule value) {
    return new ObjectAlternative.Property(name, value, true);
  }

  public static ObjectAlternative.Property optional(String name, ValueRule value) {
    return new ObjectAlternative.Property(name, value, false);
  }

  public static ObjectAlternative object(ObjectAlternative.Property... properties) {
    return new ObjectAlternative(List.of(properties), List.of(), 0, UNBOUNDED);
  }
}
