package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.Alphabet;
import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.CodePointSet;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;

/**
 * Regular expressions in the syntax of ECMA-262 with the flag {@code u}: literals, classes,
 * escapes, groups, choices, quantifiers (lazy ones as greedy: the language is the same), anchors,
 * word boundaries, look-ahead, and the flags {@code (?i)} and {@code (?s)}. Refused:
 * back-references, look-behind, atomic groups, possessive quantifiers. The automata are minimal and
 * deterministic, without dead states, over code points.
 */
public final class RegularExpression {

  private RegularExpression() {}

  /**
   * The texts that match as a whole.
   *
   * @throws RegexException if the pattern is malformed, refused, or too large
   */
  public static Automaton fullMatch(String pattern) {
    RegexParser.Parsed parsed = RegexParser.parse(pattern);
    return compile(parsed.node(), parsed.largestBoundColumn());
  }

  /**
   * The texts that match somewhere: the {@code pattern} of JSON Schema.
   *
   * @throws RegexException if the pattern is malformed, refused, or too large
   */
  public static Automaton search(String pattern) {
    RegexParser.Parsed parsed = RegexParser.parse(pattern);
    Node anywhere = new Node.Sequence(List.of(Node.ANYTHING, parsed.node(), Node.ANYTHING));
    return compile(anywhere, parsed.largestBoundColumn());
  }

  private static Automaton compile(Node node, int largestBoundColumn) {
    Set<CodePointSet> sets = new LinkedHashSet<>();
    boolean[] boundaries = new boolean[1];
    node.visit(
        part -> {
          if (part instanceof Node.Characters characters) {
            sets.add(characters.set());
          } else if (part instanceof Node.LookAhead) {
            sets.add(CodePointSet.ALL);
          } else if (part == Node.Anchor.WORD_BOUNDARY || part == Node.Anchor.NO_WORD_BOUNDARY) {
            sets.add(CharacterParser.WORD);
            boundaries[0] = true;
          }
        });
    Alphabet alphabet = Alphabet.of(sets);
    BitSet wordSymbols = new BitSet();
    if (boundaries[0]) {
      Arrays.stream(alphabet.symbols(CharacterParser.WORD)).forEach(wordSymbols::set);
    }
    try {
      Nfa nfa = Nfa.of(node, alphabet);
      Nfa resolved = new AssertionResolver(alphabet, wordSymbols).resolve(nfa, Context.EDGE);
      return alphabet.expand(SubsetConstruction.minimal(resolved, alphabet.size()));
    } catch (StateLimitException e) {
      throw tooLarge(largestBoundColumn);
    } catch (RegexException e) {
      throw e;
    } catch (ConstraintException e) {
      throw tooLarge(largestBoundColumn);
    }
  }

  private static RegexException tooLarge(int column) {
    return new RegexException(
        column,
        "the pattern needs an automaton of more than %s states or %s transitions: lower the bounds of its repetitions, or anchor it with ^ and $"
            .formatted(CodePointLanguages.MAX_STATES, CodePointLanguages.MAX_TRANSITIONS));
  }
}
