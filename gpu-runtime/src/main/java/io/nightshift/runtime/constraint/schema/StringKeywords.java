package io.nightshift.runtime.constraint.schema;

import static io.nightshift.runtime.constraint.automaton.CodePointLanguages.all;

import io.nightshift.runtime.constraint.regex.RegularExpression;
import io.nightshift.runtime.constraint.schema.format.StringFormats;
import org.apache.lucene.util.automaton.Automaton;

/** Keywords that apply to strings. */
final class StringKeywords {
  private StringKeywords() {}

  static StringSet read(Subschema schema, String keyword) {
    return switch (keyword) {
      case "minLength" -> StringSet.of(all(), Keywords.size(schema, keyword), StringSet.UNBOUNDED);
      case "maxLength" -> StringSet.of(all(), 0, Keywords.size(schema, keyword));
      case "pattern" ->
          StringSet.of(
              RegularExpression.search(Keywords.text(schema, keyword)), 0, StringSet.UNBOUNDED);
      case "format" -> format(Keywords.text(schema, keyword));
      default -> throw new IllegalArgumentException(keyword);
    };
  }

  /** A format that the specification does not define is an annotation. */
  private static StringSet format(String format) {
    Automaton language = StringFormats.find(format);
    return language == null ? StringSet.ALL : StringSet.of(language, 0, StringFormats.maxLength(format));
  }
}
