package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.CodePointSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sets of <code>\p{...}</code>: general categories, scripts and a few binary properties, by the
 * names of Unicode, from the data of the JDK.
 */
final class CharacterProperties {
  /** The general categories, in short and long: PropertyValueAliases.txt. */
  private static final String CATEGORY_NAMES =
      "Lu Uppercase_Letter Ll Lowercase_Letter Lt Titlecase_Letter Lm Modifier_Letter "
          + "Lo Other_Letter L Letter LC Cased_Letter Mn Nonspacing_Mark Mc Spacing_Mark "
          + "Me Enclosing_Mark M Mark M Combining_Mark Nd Decimal_Number Nd digit "
          + "Nl Letter_Number No Other_Number N Number Pc Connector_Punctuation "
          + "Pd Dash_Punctuation Ps Open_Punctuation Pe Close_Punctuation "
          + "Pi Initial_Punctuation Pf Final_Punctuation Po Other_Punctuation P Punctuation "
          + "P punct Sm Math_Symbol Sc Currency_Symbol Sk Modifier_Symbol So Other_Symbol "
          + "S Symbol Zs Space_Separator Zl Line_Separator Zp Paragraph_Separator Z Separator "
          + "Cc Control Cc cntrl Cf Format Cs Surrogate Co Private_Use Cn Unassigned C Other";

  private static final Map<String, String> CATEGORIES = categories();

  private static final Map<Byte, String> CATEGORY_OF_TYPE =
      Map.ofEntries(
          Map.entry(Character.UPPERCASE_LETTER, "Lu"),
          Map.entry(Character.LOWERCASE_LETTER, "Ll"),
          Map.entry(Character.TITLECASE_LETTER, "Lt"),
          Map.entry(Character.MODIFIER_LETTER, "Lm"),
          Map.entry(Character.OTHER_LETTER, "Lo"),
          Map.entry(Character.NON_SPACING_MARK, "Mn"),
          Map.entry(Character.COMBINING_SPACING_MARK, "Mc"),
          Map.entry(Character.ENCLOSING_MARK, "Me"),
          Map.entry(Character.DECIMAL_DIGIT_NUMBER, "Nd"),
          Map.entry(Character.LETTER_NUMBER, "Nl"),
          Map.entry(Character.OTHER_NUMBER, "No"),
          Map.entry(Character.CONNECTOR_PUNCTUATION, "Pc"),
          Map.entry(Character.DASH_PUNCTUATION, "Pd"),
          Map.entry(Character.START_PUNCTUATION, "Ps"),
          Map.entry(Character.END_PUNCTUATION, "Pe"),
          Map.entry(Character.INITIAL_QUOTE_PUNCTUATION, "Pi"),
          Map.entry(Character.FINAL_QUOTE_PUNCTUATION, "Pf"),
          Map.entry(Character.OTHER_PUNCTUATION, "Po"),
          Map.entry(Character.MATH_SYMBOL, "Sm"),
          Map.entry(Character.CURRENCY_SYMBOL, "Sc"),
          Map.entry(Character.MODIFIER_SYMBOL, "Sk"),
          Map.entry(Character.OTHER_SYMBOL, "So"),
          Map.entry(Character.SPACE_SEPARATOR, "Zs"),
          Map.entry(Character.LINE_SEPARATOR, "Zl"),
          Map.entry(Character.PARAGRAPH_SEPARATOR, "Zp"),
          Map.entry(Character.CONTROL, "Cc"),
          Map.entry(Character.FORMAT, "Cf"),
          Map.entry(Character.SURROGATE, "Cs"),
          Map.entry(Character.PRIVATE_USE, "Co"),
          Map.entry(Character.UNASSIGNED, "Cn"));

  private static final Map<String, IntPredicate> BINARY =
      Map.ofEntries(
          Map.entry("Any", c -> true),
          Map.entry("ASCII", c -> c < 128),
          Map.entry("Assigned", c -> Character.getType(c) != Character.UNASSIGNED),
          Map.entry("Alphabetic", Character::isAlphabetic),
          Map.entry("Alpha", Character::isAlphabetic),
          Map.entry("Uppercase", Character::isUpperCase),
          Map.entry("Upper", Character::isUpperCase),
          Map.entry("Lowercase", Character::isLowerCase),
          Map.entry("Lower", Character::isLowerCase),
          Map.entry("Ideographic", Character::isIdeographic),
          Map.entry("Ideo", Character::isIdeographic),
          Map.entry("White_Space", CharacterProperties::isWhiteSpace),
          Map.entry("space", CharacterProperties::isWhiteSpace));

  private static final Map<String, CodePointSet> CACHE = new ConcurrentHashMap<>();

  private CharacterProperties() {}

  /** The set of a property; null if there is none of that name. */
  static @Nullable CodePointSet find(String property) {
    int equals = property.indexOf('=');
    String name = property.substring(0, Math.max(equals, 0));
    String value = property.substring(equals + 1);
    return switch (name) {
      case "General_Category", "gc" -> category(value);
      case "Script", "sc" -> script(value);
      case "" -> {
        CodePointSet category = category(value);
        CodePointSet binary = category == null ? binary(value) : category;
        yield binary == null ? script(value) : binary;
      }
      default -> null;
    };
  }

  private static @Nullable CodePointSet category(String name) {
    String category = CATEGORIES.get(name);
    if (category == null) {
      return null;
    }
    return CACHE.computeIfAbsent(
        category, key -> CodePointSet.where(c -> isIn(key, Character.getType(c))));
  }

  private static boolean isIn(String category, int type) {
    String own = CATEGORY_OF_TYPE.getOrDefault((byte) type, "");
    return category.equals("LC")
        ? own.equals("Lu") || own.equals("Ll") || own.equals("Lt")
        : own.startsWith(category);
  }

  private static @Nullable CodePointSet binary(String name) {
    IntPredicate property = BINARY.get(name);
    return property == null
        ? null
        : CACHE.computeIfAbsent(name, key -> CodePointSet.where(property));
  }

  private static @Nullable CodePointSet script(String name) {
    Character.UnicodeScript script;
    try {
      script = Character.UnicodeScript.forName(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
    return CACHE.computeIfAbsent(
        "Script=" + script,
        key -> CodePointSet.where(c -> Character.UnicodeScript.of(c) == script));
  }

  private static boolean isWhiteSpace(int c) {
    return Character.isSpaceChar(c) || c >= '\t' && c <= '\r' || c == 0x85;
  }

  private static Map<String, String> categories() {
    String[] names = CATEGORY_NAMES.split(" ");
    return Stream.iterate(0, i -> i < names.length, i -> i + 2)
        .flatMap(i -> Stream.of(Map.entry(names[i], names[i]), Map.entry(names[i + 1], names[i])))
        .distinct()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
