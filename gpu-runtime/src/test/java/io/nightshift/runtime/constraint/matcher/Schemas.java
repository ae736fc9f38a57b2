package io.nightshift.runtime.constraint.matcher;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.UNBOUNDED;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.anyString;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.array;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.bool;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.language;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.literal;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.number;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.object;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.optional;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.required;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.string;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative.Additional;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.List;

/** Grammars like those of real schemas. */
public final class Schemas {
  private Schemas() {}

  /** Any JSON value. */
  public static ValueRule anything() {
    GrammarFixtures.Rule any =
        rule(anyString(), number("-?(0|[1-9][0-9]*)(\\.[0-9]+)?"), literal("null"));
    any.add(literal("true"));
    any.add(literal("false"));
    any.add(array(any, 0, UNBOUNDED));
    any.add(
        new ObjectAlternative(
            List.of(), List.of(new Additional(CodePointLanguages.all(), any)), 0, UNBOUNDED));
    return any;
  }

  /** Fields to extract from a document. */
  public static ValueRule extraction() {
    ValueRule address =
        rule(
            object(
                required("street", rule(anyString(1, 40))),
                required("city", rule(anyString())),
                optional("zip", rule(string("[0-9]{5}(-[0-9]{4})?")))));
    return rule(
        object(
            required("name", rule(anyString(1, 60))),
            required("status", rule(string("active|inactive|archived"))),
            required("priority", rule(string("low|medium|high"))),
            required("score", rule(number("-?(0|[1-9][0-9]*)(\\.[0-9]+)?"))),
            required("count", rule(number("0|[1-9][0-9]{0,3}"))),
            required("verified", bool()),
            required("date", rule(string("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"))),
            required("slug", rule(string("[a-z0-9]+(-[a-z0-9]+)*", 3, 20))),
            optional("comment", rule(anyString(), literal("null"))),
            required("tags", rule(array(rule(anyString(0, 12)), 1, 5))),
            required("address", address)));
  }

  /** A named property, and others with names of any kind. */
  public static ValueRule open() {
    return rule(
        new ObjectAlternative(
            List.of(
                required("id", rule(number("0|[1-9][0-9]*"))), optional("idea", rule(anyString()))),
            List.of(
                new Additional(
                    CodePointLanguages.minus(
                        CodePointLanguages.all(), CodePointLanguages.minimal(language("id|idea"))),
                    rule(anyString(), number("0|[1-9][0-9]*")))),
            2,
            UNBOUNDED));
  }
}
