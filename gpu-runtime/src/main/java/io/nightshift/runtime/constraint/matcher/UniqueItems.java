package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.RegExp;

/** The texts of items that must differ, one text for a value. */
final class UniqueItems {
  /** Numbers without zeros at the end of a fraction, so that equal numbers have equal texts. */
  private static final Automaton CANONICAL_NUMBERS =
      CodePointLanguages.minus(
          CodePointLanguages.minimal(
              new RegExp("-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?", RegExp.NONE).toAutomaton()),
          CodePointLanguages.of("-0"));

  private UniqueItems() {}

  /**
   * The texts of the items of an array: of strings, of numbers and of literals.
   *
   * @throws ConstraintException if the items cannot be told apart
   */
  static List<ByteDfa> forms(ArrayAlternative array) {
    if (!array.prefix().isEmpty() || !array.rest().other().alternatives().isEmpty()) {
      throw new ConstraintException(
          "uniqueItems together with prefixItems or contains cannot be enforced: remove one of them");
    }
    List<Automaton> strings = new ArrayList<>();
    List<Automaton> plain = new ArrayList<>();
    for (Alternative item : array.rest().matching().alternatives()) {
      if (item instanceof StringAlternative string) {
        strings.add(ofLength(string));
      } else if (item instanceof NumberAlternative number) {
        plain.add(CodePointLanguages.intersection(number.text(), CANONICAL_NUMBERS));
      } else if (item instanceof LiteralAlternative literal) {
        plain.add(CodePointLanguages.of(literal.text()));
      } else {
        throw new ConstraintException(
            "uniqueItems of objects or arrays cannot be enforced: remove uniqueItems");
      }
    }
    List<ByteDfa> forms = new ArrayList<>();
    Automaton contents = union(strings);
    if (!Operations.isEmpty(contents)) {
      forms.add(ByteDfas.quoted(contents));
    }
    Automaton others = union(plain);
    if (!Operations.isEmpty(others)) {
      forms.add(ByteDfas.plain(others));
    }
    if (forms.isEmpty() && array.minItems() > 0) {
      throw new ConstraintException(
          "uniqueItems of numbers with zeros at the end of the fraction cannot be enforced: remove uniqueItems");
    }
    return forms;
  }

  private static Automaton union(List<Automaton> languages) {
    return CodePointLanguages.minimal(
        languages.isEmpty() ? Automata.makeEmpty() : Operations.union(languages));
  }

  /** The strings of the right lengths. */
  private static Automaton ofLength(StringAlternative string) {
    Automaton content = string.content();
    if (string.minLength() == 0 && string.maxLength() == Integer.MAX_VALUE) {
      return content;
    }
    if (Math.max(
            string.minLength(), string.maxLength() == Integer.MAX_VALUE ? 0 : string.maxLength())
        > CodePointLanguages.MAX_STATES) {
      throw new ConstraintException(
          "uniqueItems of strings of up to %s characters cannot be enforced: lower the length"
              .formatted(string.maxLength()));
    }
    Automaton character = CodePointLanguages.character();
    Automaton lengths =
        string.maxLength() == Integer.MAX_VALUE
            ? Operations.repeat(character, string.minLength())
            : Operations.repeat(character, string.minLength(), string.maxLength());
    return CodePointLanguages.minimal(Operations.intersection(content, lengths));
  }
}
