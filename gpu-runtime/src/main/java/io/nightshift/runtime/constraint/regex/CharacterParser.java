package io.nightshift.runtime.constraint.regex;

import static io.nightshift.runtime.constraint.regex.PatternReader.name;

import io.nightshift.runtime.constraint.automaton.CodePointSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what stands for one character: escapes and classes (ECMA-262, CharacterClass). */
final class CharacterParser {
  static final CodePointSet LINE_TERMINATORS = CodePointSet.of('\n', '\r', 0x2028, 0x2029);
  static final CodePointSet WORD =
      CodePointSet.union(
          CodePointSet.range('0', '9'),
          CodePointSet.range('A', 'Z'),
          CodePointSet.range('a', 'z'),
          CodePointSet.of('_'));
  private static final CodePointSet DIGIT = CodePointSet.range('0', '9');
  private static final CodePointSet SPACE =
      CodePointSet.union(
          CodePointSet.range('\t', '\r'),
          CodePointSet.of(' ', 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 0xFEFF),
          CodePointSet.range(0x2000, 0x200A),
          CodePointSet.range(0x2028, 0x2029));

  private static final int SEVERAL = -1;

  private final PatternReader reader;

  CharacterParser(PatternReader reader) {
    this.reader = reader;
  }

  /** A class, after its opening bracket and up to its closing one. */
  CodePointSet characterClass(boolean ignoreCase) {
    int opening = reader.column() - 1;
    boolean negated = reader.accept("^");
    List<CodePointSet> members = new ArrayList<>();
    while (!reader.accept("]")) {
      if (reader.peek() == PatternReader.END) {
        throw reader.error(opening, "the class is not closed: write ] after it, or \\[ for itself");
      }
      members.add(range(ignoreCase));
    }
    CodePointSet set = CodePointSet.union(members);
    CodePointSet closed = ignoreCase ? CaseFolding.close(set) : set;
    return negated ? closed.complement() : closed;
  }

  private CodePointSet range(boolean ignoreCase) {
    int column = reader.column();
    Member first = member(ignoreCase);
    if (reader.peek() != '-' || reader.peek(1) == ']' || reader.peek(1) == PatternReader.END) {
      return first.set();
    }
    reader.skip(1);
    Member last = member(ignoreCase);
    if (first.character() == SEVERAL || last.character() == SEVERAL) {
      return CodePointSet.union(first.set(), CodePointSet.of('-'), last.set());
    }
    if (first.character() > last.character()) {
      throw reader.error(
          column,
          "the range from %s to %s is out of order"
              .formatted(name(first.character()), name(last.character())));
    }
    return CodePointSet.range(first.character(), last.character());
  }

  /** A member of a class; its character is {@link #SEVERAL} if it is a set by its name. */
  private record Member(CodePointSet set, int character) {
    static Member of(int character) {
      return new Member(CodePointSet.of(character), character);
    }
  }

  private Member member(boolean ignoreCase) {
    int c = reader.next();
    if (c != '\\') {
      return Member.of(c);
    }
    if (reader.accept("b")) {
      return Member.of('\b');
    }
    CodePointSet set = namedSet(ignoreCase);
    return set == null ? Member.of(character()) : new Member(set, SEVERAL);
  }

  /** An escape that stands for a character or a set of characters, after the backslash. */
  CodePointSet escape(boolean ignoreCase) {
    CodePointSet set = namedSet(ignoreCase);
    return set == null ? CodePointSet.of(character()) : set;
  }

  private @Nullable CodePointSet namedSet(boolean ignoreCase) {
    CodePointSet set =
        switch (reader.peek()) {
          case 'd', 'D' -> DIGIT;
          case 'w', 'W' -> ignoreCase ? CaseFolding.close(WORD) : WORD;
          case 's', 'S' -> SPACE;
          case 'p', 'P' -> null;
          default -> CodePointSet.NONE;
        };
    if (set == CodePointSet.NONE) {
      return null;
    }
    boolean negated = Character.isUpperCase(reader.next());
    CodePointSet named = set == null ? property() : set;
    return negated ? named.complement() : named;
  }

  private CodePointSet property() {
    int column = reader.column() - 2;
    boolean braces = reader.accept("{");
    String name =
        braces ? reader.takeWhile(c -> c != '}') : Character.toString(Math.max(reader.next(), 0));
    CodePointSet set = CharacterProperties.find(name);
    if (braces && !reader.accept("}") || set == null) {
      throw reader.error(
          column,
          "no character property '%s': use a general category, such as \\p{Lu}, or a script, such as \\p{Script=Greek}"
              .formatted(name));
    }
    return set;
  }

  private int character() {
    int column = reader.column() - 1;
    int c = reader.next();
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'c' -> control(column);
      case 'x' -> reader.at("{") ? braced(column) : hexadecimal(column, 2);
      case 'u' -> reader.at("{") ? braced(column) : unicode(column);
      case '0' -> nul(column);
      case PatternReader.END ->
          throw reader.error(column, "a backslash at the end: write \\\\ for the character itself");
      default -> identity(column, c);
    };
  }

  private int identity(int column, int c) {
    if (c < 128 && Character.isLetterOrDigit(c)) {
      throw reader.error(column, "the escape \\%s has no meaning".formatted(Character.toString(c)));
    }
    return c;
  }

  private int nul(int column) {
    if (reader.peek() >= '0' && reader.peek() <= '9') {
      throw reader.error(column, "octal escapes are not supported: write \\xHH");
    }
    return 0;
  }

  private int control(int column) {
    int letter = reader.next();
    if (letter >= 128 || !Character.isLetter(letter)) {
      throw reader.error(column, "\\c needs a letter from A to Z after it");
    }
    return letter % 32;
  }

  private int unicode(int column) {
    int first = hexadecimal(column, 4);
    if (!Character.isBmpCodePoint(first)
        || !Character.isHighSurrogate((char) first)
        || !reader.at("\\u")) {
      return first;
    }
    int second = 0;
    for (int i = 2; i < 6; i++) {
      second = second << 4 | Math.max(Character.digit(reader.peek(i), 16), 0);
    }
    if (!Character.isLowSurrogate((char) second)) {
      return first;
    }
    reader.skip(6);
    return Character.toCodePoint((char) first, (char) second);
  }

  private int hexadecimal(int column, int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(reader.next(), 16);
      if (digit < 0) {
        throw reader.error(column, "the escape needs %s hexadecimal digits".formatted(digits));
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private int braced(int column) {
    reader.skip(1);
    String digits = reader.takeWhile(c -> Character.digit(c, 16) >= 0);
    int value = digits.isEmpty() || digits.length() > 6 ? -1 : Integer.parseInt(digits, 16);
    if (!reader.accept("}") || !Character.isValidCodePoint(value)) {
      throw reader.error(column, "the escape needs a code point up to {10FFFF} in hexadecimal");
    }
    return value;
  }
}
