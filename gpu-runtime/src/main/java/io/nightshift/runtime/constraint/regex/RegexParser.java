package io.nightshift.runtime.constraint.regex;

import static io.nightshift.runtime.constraint.regex.PatternReader.END;

import io.nightshift.runtime.constraint.automaton.CodePointSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression: the grammar of ECMA-262 (Patterns, with what annex B tolerates), and
 * of other dialects what has one meaning only: <code>\A \z \Z</code>, <code>(?P&lt;name&gt;)</code>
 * , <code>(?i)</code> and <code>(?s)</code>.
 */
final class RegexParser {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_BOUND = 1_000_000_000;

  private final PatternReader reader;
  private final CharacterParser characters;
  private int depth;
  private boolean ignoreCase;
  private boolean dotMatchesAll;
  private int largestBound;
  private int largestBoundColumn = 1;

  private RegexParser(String pattern) {
    this.reader = new PatternReader(pattern);
    this.characters = new CharacterParser(reader);
  }

  /**
   * A parsed expression.
   *
   * @param largestBoundColumn column of the quantifier with the largest number, from 1: what to
   *     look at first if the automaton becomes too large
   */
  record Parsed(Node node, int largestBoundColumn) {}

  static Parsed parse(String pattern) {
    RegexParser parser = new RegexParser(pattern);
    Node node = parser.choice();
    if (parser.reader.peek() != END) {
      throw parser.reader.error("a ) without its (: write \\) for the character itself");
    }
    return new Parsed(node, parser.largestBoundColumn);
  }

  private Node choice() {
    List<Node> branches = new ArrayList<>(List.of(sequence()));
    while (reader.accept("|")) {
      branches.add(sequence());
    }
    return branches.size() == 1 ? branches.get(0) : new Node.Choice(branches);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (reader.peek() != END && reader.peek() != '|' && reader.peek() != ')') {
      Node atom = atom();
      parts.add(atom == null ? flagged() : quantified(atom));
    }
    return parts.size() == 1 ? parts.get(0) : new Node.Sequence(parts);
  }

  /** What a change of flags leaves to match, which is nothing. */
  private Node flagged() {
    refuseQuantifier("there is nothing to repeat");
    return new Node.Sequence(List.of());
  }

  private @Nullable Node atom() {
    refuseQuantifier("there is nothing to repeat: write a backslash before the character itself");
    int c = reader.next();
    return switch (c) {
      case '^' -> Node.Anchor.BEGIN;
      case '$' -> Node.Anchor.END;
      case '.' ->
          new Node.Characters(
              dotMatchesAll ? CodePointSet.ALL : CharacterParser.LINE_TERMINATORS.complement());
      case '[' -> new Node.Characters(characters.characterClass(ignoreCase));
      case '(' -> group(reader.column() - 1);
      case '\\' -> escape(reader.column() - 1);
      default -> matching(CodePointSet.of(c));
    };
  }

  private Node matching(CodePointSet set) {
    return new Node.Characters(ignoreCase ? CaseFolding.close(set) : set);
  }

  private Node escape(int column) {
    int c = reader.peek();
    Node.Anchor anchor =
        switch (c) {
          case 'A' -> Node.Anchor.BEGIN;
          case 'z', 'Z' -> Node.Anchor.END;
          case 'b' -> Node.Anchor.WORD_BOUNDARY;
          case 'B' -> Node.Anchor.NO_WORD_BOUNDARY;
          default -> null;
        };
    if (anchor != null) {
      reader.skip(1);
      return anchor;
    }
    if (c == 'k' || c >= '1' && c <= '9') {
      throw reader.error(
          column,
          "the back-reference \\%s is not supported: write the possible texts as a choice"
              .formatted(Character.toString(c)));
    }
    return matching(characters.escape(ignoreCase));
  }

  private @Nullable Node group(int column) {
    boolean caseOutside = ignoreCase;
    boolean dotOutside = dotMatchesAll;
    Boolean negativeLookAhead = null;
    if (reader.accept("?=")) {
      negativeLookAhead = false;
    } else if (reader.accept("?!")) {
      negativeLookAhead = true;
    } else if (reader.accept("?") && !reader.accept(":") && !groupName(column)) {
      flags(column);
      if (reader.accept(")")) {
        return null;
      }
      reader.skip(1);
    }
    Node body = body(column);
    ignoreCase = caseOutside;
    dotMatchesAll = dotOutside;
    return negativeLookAhead == null
        ? new Node.Sequence(List.of(body))
        : new Node.LookAhead(body, negativeLookAhead);
  }

  private Node body(int column) {
    if (++depth > MAX_DEPTH) {
      throw reader.error(
          column, "groups are nested more than %s deep: flatten them".formatted(MAX_DEPTH));
    }
    Node body = choice();
    depth--;
    if (!reader.accept(")")) {
      throw reader.error(column, "the group is not closed: write ) after it, or \\( for itself");
    }
    return body;
  }

  private boolean groupName(int column) {
    if (reader.at("<=") || reader.at("<!")) {
      throw reader.error(
          column, "look-behind is not supported: write what stands before as part of the pattern");
    }
    if (!reader.accept("<") && !reader.accept("P<")) {
      return false;
    }
    String name = reader.takeWhile(c -> Character.isUnicodeIdentifierPart(c) || c == '$');
    if (name.isEmpty() || !reader.accept(">")) {
      throw reader.error(column, "the name of the group needs letters, digits and a > after it");
    }
    return true;
  }

  /** Flags up to the colon or parenthesis after them. */
  private void flags(int column) {
    boolean on = true;
    for (; reader.peek() != ')' && reader.peek() != ':'; reader.skip(1)) {
      switch (reader.peek()) {
        case 'i' -> ignoreCase = on;
        case 's' -> dotMatchesAll = on;
        case '-' -> on = false;
        case '>' ->
            throw reader.error(column, "atomic groups are not supported: write (?: instead");
        default ->
            throw reader.error(
                column,
                "groups of the form (?%s are not supported: the flags are i and s"
                    .formatted(reader.peek() == END ? "" : Character.toString(reader.peek())));
      }
    }
  }

  private Node quantified(Node atom) {
    int column = reader.column();
    Node.Repeat quantifier = quantifier(atom);
    if (quantifier == null) {
      return atom;
    }
    if (atom instanceof Node.Assertion) {
      throw reader.error(column, "there is nothing to repeat: what is before has no width");
    }
    if (quantifier.min() > quantifier.max()) {
      throw reader.error(column, "the minimum of the repetition is above its maximum");
    }
    int bound = quantifier.max() == Node.UNBOUNDED ? quantifier.min() : quantifier.max();
    if (bound > largestBound) {
      largestBound = bound;
      largestBoundColumn = column;
    }
    if (!reader.accept("?") && reader.peek() == '+') {
      throw reader.error(
          column, "possessive quantifiers are not supported: leave out the + after it");
    }
    refuseQuantifier("a quantifier cannot be repeated: put parentheses around what it repeats");
    return quantifier;
  }

  private void refuseQuantifier(String message) {
    int column = reader.column();
    if (quantifier(Node.Anchor.BEGIN) != null) {
      throw reader.error(column, message);
    }
  }

  /** Takes a quantifier; null if the next characters are none. */
  private Node.@Nullable Repeat quantifier(Node body) {
    return switch (reader.peek()) {
      case '*' -> simple(body, 0, Node.UNBOUNDED);
      case '+' -> simple(body, 1, Node.UNBOUNDED);
      case '?' -> simple(body, 0, 1);
      case '{' -> counted(body);
      default -> null;
    };
  }

  private Node.Repeat simple(Node body, int min, int max) {
    reader.skip(1);
    return new Node.Repeat(body, min, max);
  }

  /** A brace that begins no quantifier stands for itself (annex B). */
  private Node.@Nullable Repeat counted(Node body) {
    int length = 1;
    while (isDigit(reader.peek(length))) {
      length++;
    }
    if (length == 1) {
      return null;
    }
    int min = number(1, length);
    int max = min;
    if (reader.peek(length) == ',') {
      int start = ++length;
      while (isDigit(reader.peek(length))) {
        length++;
      }
      max = length == start ? Node.UNBOUNDED : number(start, length);
    }
    if (reader.peek(length) != '}') {
      return null;
    }
    reader.skip(length + 1);
    return new Node.Repeat(body, min, max);
  }

  private int number(int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = (int) Math.min(10L * value + reader.peek(i) - '0', MAX_BOUND);
    }
    return value;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
