package io.nightshift.runtime.constraint.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "a|b|",
        "^a",
        "a$",
        "^$",
        "a^",
        "$a",
        "(^a|b$)",
        "^(a|b$)c?",
        "^(a|b)$",
        "(^|,)a(,|$)",
        "(?:^a)?b",
        "a*?b+?c??",
        "a{2}",
        "a{2,}b",
        "^a{0,2}$",
        "a{,2}",
        "x{a}",
        "^[^ab]+$",
        "[a-c-]",
        "[\\w-.]",
        "[a\\]b]",
        "[\\b\\-\\^]",
        "^\\d{1,3}(\\.\\d{1,3}){3}$",
        "\\D\\W\\S",
        "^\\s*\\S+\\s*$",
        "^.$",
        "(?s)^.$",
        "(?s:.)b.",
        "(?i)straße",
        "(?i:k)K",
        "^(?i)[a-f0-9]{4}$",
        "(a(?i)b|c)d",
        "(?-i:A)b",
        "(?<year>\\d{4})-(?<month>\\d\\d)",
        "\\p{Lu}\\p{Ll}*",
        "^\\P{L}+$",
        "\\x41\\u0042\\t\\cJ\\0",
        "\\uD83D\\uDE00|\\u00e9",
        "\\/\\-\\.\\_\\@",
        "\\A\\d+\\z",
        "\\bfoo\\b",
        "^\\Bo|o\\B",
        "\\b",
        "^(?!foo)\\w+$",
        "^(?=.*\\d)(?=.*[a-z]).{4,6}$",
        "^(?!\\s*$).+",
        "^((?!ab).)*$",
        "a(?=b$)",
        "(?=a(?!b))..",
        "^(?:(?!--)[a-z-])+$",
        "(?!)",
        "(?=)a"
      })
  void agreesWithJavaOnRandomStrings(String pattern) {
    Pattern oracle = Pattern.compile(inJava(pattern), Pattern.UNICODE_CASE);
    Automaton full = RegularExpression.fullMatch(pattern);
    Automaton search = RegularExpression.search(pattern);
    Random random = new Random(pattern.hashCode());
    int[] characters = (pattern + "aAbBfo0-. ,\n\u00e9\uD83D\uDE00\u212A").codePoints().toArray();

    for (int i = 0; i < 2000; i++) {
      String text = randomText(characters, random);
      assertThat(accepts(full, text))
          .as("%s on '%s' as a whole", pattern, text)
          .isEqualTo(oracle.matcher(text).matches());
      assertThat(accepts(search, text))
          .as("%s somewhere in '%s'", pattern, text)
          .isEqualTo(oracle.matcher(text).find());
    }
  }

  private static String inJava(String pattern) {
    return pattern
        .replace("$", "\\z")
        .replace("a{,2}", "a\\{,2}")
        .replace("x{a}", "x\\{a}")
        .replace("[\\b\\-", "[\\x08\\-")
        .replace("\\_", "_")
        .replace("\\b", "(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))")
        .replace("\\B", "(?:(?<=\\w)(?=\\w)|(?<!\\w)(?!\\w))")
        .replace("\\0", "\\x00");
  }

  private static String randomText(int[] characters, Random random) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(8); left > 0; left--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }

  @Test
  void randomPatternsAgreeWithJavaOnAllShortStrings() {
    Random random = new Random(14);
    List<String> texts = texts("ab-", 5);
    for (int i = 0; i < 250; i++) {
      String pattern = randomPattern(random, 4);
      Pattern oracle = Pattern.compile(pattern);
      Automaton full = RegularExpression.fullMatch(pattern);
      Automaton search = RegularExpression.search(pattern);
      for (String text : texts) {
        assertThat(accepts(full, text))
            .as("%s on '%s' as a whole", pattern, text)
            .isEqualTo(oracle.matcher(text).matches());
        assertThat(accepts(search, text))
            .as("%s somewhere in '%s'", pattern, text)
            .isEqualTo(oracle.matcher(text).find());
      }
    }
  }

  private static String randomPattern(Random random, int depth) {
    if (depth == 0) {
      String[] atoms = {"a", "b", "-", ".", "[^a]", "\\w", "^", "$", "\\b", "\\B", "a", "b"};
      return atoms[random.nextInt(atoms.length)];
    }
    String first = randomPattern(random, random.nextInt(depth));
    String second = randomPattern(random, random.nextInt(depth));
    return switch (random.nextInt(9)) {
      case 0, 1, 2, 3 -> first + second;
      case 4 -> "(?:" + first + "|" + second + ")";
      case 5 -> "(?:" + first + ")*";
      case 6 -> "(?:" + first + "){1,2}" + second;
      case 7 -> "(?=" + first + ")" + second;
      default -> "(?!" + first + ")" + second;
    };
  }

  private static List<String> texts(String characters, int maxLength) {
    List<String> texts = new ArrayList<>(List.of(""));
    for (int i = 0; i < texts.size(); i++) {
      for (char c : texts.get(i).length() < maxLength ? characters.toCharArray() : new char[0]) {
        texts.add(texts.get(i) + c);
      }
    }
    return texts;
  }

  @Test
  void automataAreMinimalAndHaveNoDeadStates() {
    for (String pattern : List.of("^(a|ab)(c|bcd)*$", "\\p{L}{2,9}", "a^", "^(?!a).*b$", "[]")) {
      Automaton automaton = RegularExpression.search(pattern);
      assertThat(automaton.isDeterministic()).isTrue();
      assertThat(Operations.hasDeadStates(automaton)).isFalse();
      assertThat(CodePointLanguages.minimal(automaton).getNumStates())
          .isEqualTo(automaton.getNumStates());
    }
  }

  @Test
  void noTextHasSurrogates() {
    Automaton anything = RegularExpression.search("");
    assertThat(Operations.sameLanguage(anything, CodePointLanguages.all())).isTrue();
    assertThat(Operations.isEmpty(RegularExpression.fullMatch("\\uD800"))).isTrue();
    assertThat(Operations.isEmpty(RegularExpression.fullMatch("[\\uD800-\\uDFFF]"))).isTrue();
    assertThat(Operations.isEmpty(RegularExpression.fullMatch("\\p{Cs}"))).isTrue();
  }

  @Test
  void emptyClassesMatchNothingOrEverything() {
    assertThat(Operations.isEmpty(RegularExpression.search("[]"))).isTrue();
    assertThat(
            Operations.sameLanguage(
                RegularExpression.fullMatch("[^]"), CodePointLanguages.character()))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "\\p{Letter}, \\p{L}",
    "\\p{gc=Decimal_Number}, \\p{Nd}",
    "\\p{General_Category=LC}, [\\p{Lu}\\p{Ll}\\p{Lt}]",
    "\\p{Script=Latin}, \\p{sc=Latn}",
    "\\p{Any}, [^]",
    "\\p{ASCII}, [\\0-\\x7f]",
    "\\pL, \\p{L}",
    "\\u{1F600}, \\uD83D\\uDE00",
    "[^\\s\\S], []",
    "\\s, [\\t\\n\\v\\f\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]",
    "., [^\\n\\r\\u2028\\u2029]",
    "(?i)[^k], [^kK\\u212A]",
    "(?i)\u0130, \u0130",
    "(?P<n>a)\\Z, a"
  })
  void isTheSameAs(String pattern, String other) {
    assertThat(
            Operations.sameLanguage(
                RegularExpression.fullMatch(pattern), RegularExpression.fullMatch(other)))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "a(?<=b) 2 look-behind",
        "(?<!b)a 1 look-behind",
        "(a)\\1 4 back-reference",
        "(?<n>a)\\k<n> 8 back-reference",
        "ab*+ 3 possessive",
        "a{2}+ 2 possessive",
        "x(?>a) 2 atomic",
        "x(?#a) 2 groups",
        "x(?m)a 2 flags",
        "x(? 2 groups",
        "(?<1n 1 name",
        "a\\y 2 meaning",
        "[a\\8] 3 meaning",
        "a\\ 2 backslash",
        "\\xG0 1 hexadecimal",
        "\\u12 1 hexadecimal",
        "\\u{110000} 1 10FFFF",
        "\\012 1 octal",
        "\\c1 1 letter",
        "a\\p{Foo} 2 Foo",
        "a\\p{L 2 property",
        "ab(c 3 closed",
        "ab)c 3 without",
        "ab[c 3 closed",
        "a[x-b-a] 3 order",
        "a{3,2} 2 minimum",
        "a|*b 3 repeat",
        "({2}) 2 repeat",
        "a** 3 repeated",
        "a{2}{3} 5 repeated",
        "^* 2 width",
        "(?=a)+ 6 width",
        "(?i)+ 5 repeat"
      })
  void errorsHaveTheColumnAndTheName(String pattern, int column, String name) {
    assertThatThrownBy(() -> RegularExpression.search(pattern))
        .asInstanceOf(type(RegexException.class))
        .satisfies(e -> assertThat(e.column()).isEqualTo(column))
        .satisfies(e -> assertThat(e).hasMessageStartingWith("column " + column + ": "))
        .satisfies(e -> assertThat(e).hasMessageContaining(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^(a|b)*a(a|b){40}$ 14",
        "x(a{1,1000}){1,1000} 4",
        "x.{900000} 3",
        "(((a{99}){99}){99}){99} 5",
        "((a?){999}){999} 6",
        "^((?!a.{30}b).)*$ 8",
        "^\\p{L}{1000}$ 7"
      })
  void largeAutomataAreRefusedWithTheLimit(String pattern, int column) {
    assertThatThrownBy(() -> RegularExpression.search(pattern))
        .isInstanceOf(ConstraintException.class)
        .hasMessageStartingWith("column " + column + ": ")
        .hasMessageContaining("more than 10000 states or 500000 transitions")
        .hasMessageContaining("lower the bounds");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> RegularExpression.search("(".repeat(100_000)))
        .isInstanceOf(RegexException.class)
        .hasMessageContaining("nested more than 200 deep");
  }

  @ParameterizedTest
  @ValueSource(strings = {"^.{0,4000}$", "(?:){999999999}", "^\\p{L}{1,500}$", "[a-z]{1,500}"})
  void largeBoundsOfSimpleRepetitionsCompile(String pattern) {
    Automaton automaton = RegularExpression.search(pattern);
    assertThat(accepts(automaton, "a")).isTrue();
  }

  private static boolean accepts(Automaton automaton, String text) {
    int[] codePoints = text.codePoints().toArray();
    int state = automaton.getNumStates() == 0 ? -1 : 0;
    for (int i = 0; i < codePoints.length && state >= 0; i++) {
      state = automaton.step(state, codePoints[i]);
    }
    return state >= 0 && automaton.isAccept(state);
  }
}
