package io.nightshift.operators.render;

import io.nightshift.operators.jinja.Template;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a job's templates read from a row: columns by their names, and {@code row}, a dict of the
 * columns, for names that are no identifiers, as in {@code row["user.name"]}. A column takes the
 * place of a function of Jinja's, or of {@code row}, that has its name. If answers have a schema,
 * {@code schema} is its text.
 */
final class RowVariables {
  private static final String ROW = "row";
  private static final String SCHEMA = "schema";

  private final Set<String> variables = new TreeSet<>();
  private final Set<String> itemsOfRow = new LinkedHashSet<>();
  private final boolean usesRow;
  private final Map<String, String> schema;

  /**
   * @param available names of the columns that the rows have
   * @param schema text of the answers' schema; null without one
   * @throws IllegalArgumentException if a template reads {@code schema}, which is a column as well
   */
  RowVariables(List<Template> templates, Collection<String> available, @Nullable String schema) {
    boolean row = false;
    for (Template template : templates) {
      variables.addAll(template.freeVariables());
      template.globals().stream().filter(available::contains).forEach(variables::add);
      if (template.freeVariables().contains(ROW) && !available.contains(ROW)) {
        row = true;
        Optional<Set<String>> items = template.itemsUsed(ROW);
        itemsOfRow.addAll(items.isPresent() ? items.get() : available);
      }
    }
    this.usesRow = row;
    if (usesRow) {
      variables.remove(ROW);
    }
    boolean usesSchema = schema != null && variables.remove(SCHEMA);
    if (usesSchema && available.contains(SCHEMA)) {
      throw new IllegalArgumentException(
          "the prompt reads {{ schema }}, which is the text of answer.json-schema and also a column of the input: write {{ row[\"schema\"] }} for the column, or rename it");
    }
    this.schema = usesSchema ? Map.of(SCHEMA, schema) : Map.of();
  }

  /** Names of the columns that are read. */
  Set<String> columns() {
    Set<String> all = new TreeSet<>(variables);
    all.addAll(itemsOfRow);
    return all;
  }

  /** The variables of a rendering. */
  Map<String, @Nullable Object> of(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(schema);
    for (String variable : variables) {
      values.put(variable, row.get(variable));
    }
    if (usesRow) {
      Map<String, @Nullable Object> items = new LinkedHashMap<>();
      itemsOfRow.forEach(column -> items.put(column, row.get(column)));
      values.put(ROW, items);
    }
    return values;
  }
}
