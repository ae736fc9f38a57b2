package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import java.util.Collection;
import java.util.stream.Collectors;

/** The failure to find a column. */
public final class MissingColumn {
  private static final int SHOWN = 10;

  private MissingColumn() {}

  /**
   * The exception, which names the nearest of the known columns, or the first ones if none is near.
   *
   * @param file that lacks the column
   */
  public static FileReadException of(String file, String name, Collection<String> known) {
    String remedy =
        NearestName.of(name, known)
            .map(nearest -> "Did you mean " + nearest + "?")
            .orElseGet(() -> there(known));
    return FileReadException.ofColumn(file, name, "is missing. " + remedy);
  }

  private static String there(Collection<String> known) {
    if (known.isEmpty()) {
      return "The file has no columns.";
    }
    String names = known.stream().limit(SHOWN).collect(Collectors.joining(", "));
    int more = known.size() - SHOWN;
    return "There are: " + names + (more > 0 ? " and " + more + " more." : ".");
  }
}
