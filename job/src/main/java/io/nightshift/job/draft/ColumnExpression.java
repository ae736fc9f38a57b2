package io.nightshift.job.draft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Jinja expressions that read columns and fields of any name, as docs/prompts.md explains. */
final class ColumnExpression {
  /** The dict of all columns; a column of this name takes its place. */
  static final String ROW = "row";

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Words of the language, and names that templates have besides those of columns. */
  private static final Set<String> TAKEN =
      Set.of(
          "and", "or", "not", "in", "is", "if", "else", "for", "true", "false", "none", "True",
          "False", "None", "loop", "self", "schema");

  /** Methods of structs, which hide fields of the same name. */
  private static final Set<String> METHODS =
      Set.of("items", "keys", "values", "get", "copy", "fromkeys");

  private ColumnExpression() {}

  /** Whether a column can be read by its name, without the dict of all columns. */
  static boolean isVariable(String column) {
    return isName(column) && !TAKEN.contains(column);
  }

  /**
   * Reads a column or a field.
   *
   * @param path the column's name, followed by those of fields
   */
  static String of(List<String> path) {
    String column = path.get(0);
    StringBuilder expression = new StringBuilder(isVariable(column) ? column : ROW + index(column));
    for (String field : path.subList(1, path.size())) {
      expression.append(isName(field) && !METHODS.contains(field) ? "." + field : index(field));
    }
    return expression.toString();
  }

  /** As {@link #of}, and an empty text if the text or a struct that it is in is null. */
  static String orEmpty(List<String> path) {
    String text = of(path) + " or ''";
    if (path.size() == 1) {
      return text;
    }
    String structs =
        IntStream.range(1, path.size())
            .mapToObj(length -> of(path.subList(0, length)))
            .collect(Collectors.joining(" and "));
    return "(" + text + ") if " + structs + " else ''";
  }

  private static boolean isName(String name) {
    return IDENTIFIER.matcher(name).matches();
  }

  private static String index(String name) {
    return "[" + quoted(name) + "]";
  }

  /** A string literal that Jinja, YAML and JSON read alike. */
  static String quoted(String text) {
    try {
      return new ObjectMapper().writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
