package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The failure to find a column. */
public final class MissingColumn {
  private MissingColumn() {}

  /**
   * The exception, which names the nearest of the known columns.
   *
   * @param file that lacks the column
   */
  public static FileReadException of(String file, String name, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    String nearest =
        known.stream()
            .min(Comparator.comparing(other -> distance.apply(name, other)))
            .map(other -> "Did you mean " + other + "?")
            .orElse("The file has no columns.");
    return FileReadException.ofColumn(file, name, "is missing. " + nearest);
  }
}
