package io.nightshift.runtime.constraint.matcher;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.NOTHING;
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
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.uniqueArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative.Item;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative.Additional;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.matcher.GrammarFixtures.Rule;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts of the automaton are those of the grammar, and it has no dead ends. */
class ByteAutomatonTest {

  static Stream<Arguments> grammars() {
    ValueRule a = rule(string("a"));
    ValueRule one = rule(number("1"));
    ValueRule digits = rule(number("-?[0-2](\\.[0-1]{1,2})?"));
    Rule tree = rule(literal("null"));
    tree.add(array(tree, 0, 3));
    Rule list = rule();
    list.add(object(optional("n", list), required("v", one)));
    return Stream.of(
        Arguments.of("literals", rule(literal("true"), literal("null"), literal("false")), 6),
        Arguments.of("numbers", rule(number("-?(0|[1-3][0-3]*)(\\.[01]+)?")), 5),
        Arguments.of("strings", rule(string("(a|b\\\"|\\\\|\n|\u0001|\u001f|é|\uD83D\uDE00)*")), 8),
        Arguments.of("overlapping strings", rule(string("ab*"), string("a[bc]"), number("1+")), 6),
        Arguments.of("lengths", rule(string("[aé\\\"]*", 1, 2)), 8),
        Arguments.of("lengths of a pattern", rule(string("(aab)*b?", 2, 4)), 8),
        Arguments.of("at least", rule(string("(ab)*|c{1,4}", 3, UNBOUNDED)), 9),
        Arguments.of("gaps", rule(string("a{2}|a{5}b*", 3, 6)), 9),
        Arguments.of("array", rule(array(digits, 0, UNBOUNDED)), 7),
        Arguments.of("bounded array", rule(array(rule(number("[12]")), 2, 4)), 12),
        Arguments.of("recursive array", tree, 15),
        Arguments.of("recursive object", list, 30),
        Arguments.of("tuple", rule(tuple(1, 3)), 20),
        Arguments.of("contains", rule(contains(1, 2)), 14),
        Arguments.of("contains in a tuple", rule(containsInTuple()), 16),
        Arguments.of(
            "object",
            rule(
                object(
                    required("a", one), optional("ab", a), optional("b", one), required("c", a))),
            40),
        Arguments.of(
            "names with escapes", rule(object(optional("\"\n", one), optional("é", one))), 30),
        Arguments.of("min properties", rule(properties(2, UNBOUNDED)), 26),
        Arguments.of(
            "all properties needed",
            rule(
                new ObjectAlternative(
                    List.of(optional("a", one), optional("b", one)), List.of(), 2, UNBOUNDED)),
            20),
        Arguments.of("max properties", rule(properties(0, 2)), 32),
        Arguments.of("exactly two properties", rule(properties(2, 2)), 32),
        Arguments.of("additional properties", rule(additional(0, UNBOUNDED, "[ab]{1,2}")), 20),
        Arguments.of("additional properties needed", rule(additional(2, 3, "[ab]{1,2}")), 20),
        Arguments.of("infinite names", rule(additional(0, 2, "a*b?")), 18),
        Arguments.of("infinite names needed", rule(additional(2, UNBOUNDED, "a*")), 18),
        Arguments.of("few names needed", rule(additional(2, UNBOUNDED, "a|b")), 22),
        Arguments.of(
            "unique items",
            rule(uniqueArray(rule(string("a|b*c"), literal("null"), number("1|2")), 0, UNBOUNDED)),
            14),
        Arguments.of("few unique items", rule(uniqueArray(rule(number("1|2|12")), 2, 3)), 14),
        Arguments.of(
            "unique strings of few lengths", rule(uniqueArray(rule(string("a*", 1, 3)), 2, 5)), 18),
        Arguments.of(
            "unique decimals", rule(uniqueArray(rule(number("-?1|[01]\\.[01]?[12]")), 1, 3)), 10),
        Arguments.of("infinite strings needed", rule(uniqueArray(rule(string("a*b?")), 2, 3)), 18),
        Arguments.of(
            "strings needed beside numbers",
            rule(uniqueArray(rule(string("a*"), number("1|2")), 3, 4)),
            16),
        Arguments.of("two kinds", rule(twoKinds("ab?", 2)), 24),
        Arguments.of("two infinite kinds", rule(twoKinds("ab*", 3)), 38));
  }

  private static ArrayAlternative tuple(int min, int max) {
    Item rest = new Item(rule(literal("null")), NOTHING);
    return new ArrayAlternative(
        List.of(new Item(rule(number("1|2")), NOTHING), new Item(bool(), NOTHING)),
        rest,
        min,
        max,
        0,
        UNBOUNDED,
        false);
  }

  private static ArrayAlternative contains(int min, int max) {
    Item item = new Item(rule(number("1")), rule(number("2"), literal("null")));
    return new ArrayAlternative(List.of(), item, 2, 4, min, max, false);
  }

  private static ArrayAlternative containsInTuple() {
    List<Item> prefix =
        List.of(
            new Item(rule(number("1")), rule(number("22"))),
            new Item(NOTHING, rule(number("3"))),
            new Item(rule(number("4")), rule(number("5"))));
    return new ArrayAlternative(prefix, new Item(NOTHING, NOTHING), 0, 3, 2, 2, false);
  }

  private static ObjectAlternative properties(int min, int max) {
    ValueRule one = rule(number("1"));
    return new ObjectAlternative(
        List.of(optional("a", one), required("b", one), optional("c", one), optional("cd", one)),
        List.of(),
        min,
        max);
  }

  private static ObjectAlternative additional(int min, int max, String names) {
    return new ObjectAlternative(
        List.of(optional("x", rule(number("1")))),
        List.of(new Additional(language(names), rule(number("2")))),
        min,
        max);
  }

  private static ObjectAlternative twoKinds(String names, int min) {
    return new ObjectAlternative(
        List.of(required("x", rule(literal("null")))),
        List.of(
            new Additional(language(names), rule(number("1"))),
            new Additional(language("ac*d|e"), rule(number("2")))),
        min,
        3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grammars")
  void acceptsTheTextsOfTheGrammar(String name, ValueRule rule, int limit) {
    ByteAutomaton automaton = ByteAutomaton.json(rule, false, 0);
    Set<String> accepted = new TreeSet<>();
    collect(automaton, automaton.start(), new byte[0], limit, accepted);

    Set<String> expected = Texts.of(rule, limit);
    assertThat(accepted).isNotEmpty().hasSameSizeAs(expected).isSubsetOf(expected);
  }

  /** Walks byte by byte, as an answer of the shortest tokens is resolved. */
  private static void collect(
      ByteAutomaton automaton, Configuration at, byte[] text, int limit, Set<String> texts) {
    if (at.mayEnd()) {
      texts.add(new String(text, StandardCharsets.UTF_8));
    }
    if (text.length == limit) {
      return;
    }
    for (int value = 0; value < 256; value++) {
      Configuration next = automaton.next(at, value);
      if (!next.isDead()) {
        byte[] longer = java.util.Arrays.copyOf(text, text.length + 1);
        longer[text.length] = (byte) value;
        if (next.isUnresolved()) {
          next = automaton.resolve(next, new LastText(lastName(longer)));
        }
        assertCompletes(automaton, next, longer);
        collect(automaton, next, longer, limit, texts);
      }
    }
  }

  private static void assertCompletes(ByteAutomaton automaton, Configuration from, byte[] text) {
    Configuration at = from;
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.writeBytes(text);
    int bytes = 0;
    while (!at.mayEnd()) {
      int value = automaton.completingByte(at);
      longer.write(value);
      at = automaton.next(at, value);
      if (at.isUnresolved()) {
        at = automaton.resolve(at, new LastText(lastName(longer.toByteArray())));
      }
      bytes++;
    }
    assertThat(bytes).isLessThanOrEqualTo(from.completionBytes());
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record LastText(byte[] text) implements LastTexts {
    @Override
    public byte[] last(int depth) {
      return text;
    }

    @Override
    public byte[] beforeLast(int depth) {
      throw new AssertionError("nothing has begun");
    }
  }

  /** The name that ends with the text. */
  private static byte[] lastName(byte[] text) {
    String written = new String(text, StandardCharsets.UTF_8);
    int begin = written.lastIndexOf('"', written.length() - 2);
    return written.substring(begin).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void namesAndItemsThatAreNeededLeadToThePlaceOfAllOthers() {
    ValueRule any = rule(anyString());
    ByteAutomaton object =
        ByteAutomaton.json(
            rule(
                new ObjectAlternative(
                    List.of(),
                    List.of(new Additional(CodePointLanguages.all(), any)),
                    9,
                    UNBOUNDED)),
            false,
            0);
    ByteAutomaton array = ByteAutomaton.json(rule(uniqueArray(any, 9, UNBOUNDED)), false, 0);

    assertThat(after(object, "{\"ab")).isSameAs(after(object, "{\"xyz"));
    assertThat(after(object, "{\"ab\":\"")).isSameAs(after(object, "{\"xyz\":\""));
    assertThat(after(array, "[\"ab")).isSameAs(after(array, "[\"xyz"));
  }

  @Test
  void refusesToCompleteWhatIsComplete() {
    ByteAutomaton automaton = ByteAutomaton.json(bool(), false, 0);

    assertThatThrownBy(() -> automaton.completingByte(after(automaton, "true")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no byte shortens a completion of 0 bytes");
  }

  @Test
  void allowsOneSpaceAfterColonsAndCommas() {
    ValueRule rule = rule(object(required("a,", rule(array(rule(number("1")), 2, 2)))));
    ByteAutomaton automaton = ByteAutomaton.json(rule, true, 0);
    Set<String> texts = new TreeSet<>();
    collect(automaton, automaton.start(), new byte[0], 30, texts);

    List<String> expected = new ArrayList<>();
    for (String colon : List.of(":", ": ")) {
      for (String comma : List.of(",", ", ")) {
        expected.add("{\"a,\"" + colon + "[1" + comma + "1]}");
      }
    }
    assertThat(texts).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void leavesOutLeadingSpacesAsTheDecoderDoes() {
    ByteAutomaton automaton = ByteAutomaton.plain(language(" ?a"), 1);
    Set<String> texts = new TreeSet<>();
    collect(automaton, automaton.start(), new byte[0], 5, texts);

    assertThat(texts).containsExactlyInAnyOrder("a", " a", "  a");
  }

  @Test
  void knowsTheTextsOfAnyStringWithoutWritingThemDown() {
    ByteAutomaton automaton = ByteAutomaton.json(rule(anyString(2, 3)), false, 0);

    assertThat(accepts(automaton, "\"a\uD83D\uDE00\"")).isTrue();
    assertThat(accepts(automaton, "\"\\\"\\u0000\\n\"")).isTrue();
    assertThat(accepts(automaton, "\"a\"")).isFalse();
    assertThat(accepts(automaton, "\"abcd\"")).isFalse();
    assertThat(accepts(automaton, "\"\\u000a\\n\"")).isFalse();
    assertThat(accepts(automaton, "\"a\nb\"")).isFalse();
    assertThat(automaton.next(after(automaton, "\"a"), 0xED).isDead()).isFalse();
    assertThat(automaton.next(automaton.next(after(automaton, "\"a"), 0xED), 0xA0).isDead())
        .isTrue();
  }

  private static boolean accepts(ByteAutomaton automaton, String text) {
    return after(automaton, text).mayEnd();
  }

  private static Configuration after(ByteAutomaton automaton, String text) {
    Configuration at = automaton.start();
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      at = automaton.next(at, value & 0xFF);
    }
    return at;
  }
}
