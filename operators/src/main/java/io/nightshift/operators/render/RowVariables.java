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
 * place of a function of Jinja's, or of {@code row}, that has its name.
 */
final class RowVariables {
  private static final String ROW = "row";

  private final Set<String> variables = new TreeSet<>();
  private final Set<String> itemsOfRow = new LinkedHashSet<>();
  private final boolean usesRow;

  /**
   * @param available names of the columns that the rows have
   */
  RowVariables(List<Template> templates, Collection<String> available) {
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
  }

  /** Names of the columns that are read. */
  Set<String> columns() {
    Set<String> all = new TreeSet<>(variables);
    all.addAll(itemsOfRow);
    return all;
  }

  /** The variables of a rendering. */
  Map<String, @Nullable Object> of(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
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
