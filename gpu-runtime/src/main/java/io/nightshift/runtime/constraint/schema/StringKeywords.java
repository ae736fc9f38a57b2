package io.nightshift.runtime.constraint.schema;

import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.all;

import io.nightshift.runtime.constraint.regex.RegularExpression;
import io.nightshift.runtime.constraint.schema.format.StringFormats;
import java.util.List;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;

/** Keywords that apply to strings. */
final class StringKeywords {
  private static final Set<String> NOT_REGULAR = Set.of("regex", "idn-hostname");

  private StringKeywords() {}

  static StringSet read(Subschema schema, String keyword) {
    return switch (keyword) {
      case "minLength" -> StringSet.of(all(), Keywords.size(schema, keyword), StringSet.UNBOUNDED);
      case "maxLength" -> StringSet.of(all(), 0, Keywords.size(schema, keyword));
      case "pattern" ->
          StringSet.of(
              RegularExpression.search(Keywords.text(schema, keyword)), 0, StringSet.UNBOUNDED);
      default -> throw new IllegalArgumentException(keyword);
    };
  }

  /** A format that the specification does not define is an annotation. */
  static ValueSet format(Subschema schema) {
    String format = Keywords.text(schema, "format");
    if (NOT_REGULAR.contains(format)) {
      throw schema.error(
          "format", "%s cannot be enforced: describe the strings in pattern".formatted(format));
    }
    Automaton language = StringFormats.find(format);
    if (language == null) {
      return ValueSet.ALL;
    }
    StringSet strings = StringSet.of(language, 0, StringFormats.maxLength(format));
    ValueSet set = ValueSet.ALL.withStrings(List.of(strings));
    return StringFormats.isExact(format) ? set : set.narrow();
  }
}
