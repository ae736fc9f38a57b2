package io.nightshift.connectors.units;

import java.io.Serializable;
import java.util.Map;

/**
 * A file of rows in planned order, and what it costs to process.
 *
 * @param file name in the plan's folder; names of one plan sort in planned order
 * @param rows rows, those with errors included
 * @param keyElements elements of the sort keys of all rows
 * @param storedElements elements that are left when each prefix shared by neighbors is stored once
 * @param duplicateRows rows whose key is that of the row before, and not empty
 * @param sharedWithPrevious elements that the first row's key shares with that of the last row of
 *     the unit before it in the plan; 0 for the first unit
 */
public record WorkUnit(
    String file,
    int rows,
    long keyElements,
    long storedElements,
    int duplicateRows,
    int sharedWithPrevious)
    implements Serializable {
  private static final String ROWS = "nightshift.rows";
  private static final String DUPLICATE_ROWS = "nightshift.duplicate-rows";
  private static final String SHARED_WITH_PREVIOUS = "nightshift.shared-with-previous";

  /** The properties that the footer of the file has. */
  Map<String, String> properties(KeyNames key) {
    return Map.of(
        ROWS,
        Integer.toString(rows),
        key.elementsProperty(),
        Long.toString(keyElements),
        key.storedElementsProperty(),
        Long.toString(storedElements),
        DUPLICATE_ROWS,
        Integer.toString(duplicateRows),
        SHARED_WITH_PREVIOUS,
        Integer.toString(sharedWithPrevious));
  }

  /**
   * The unit that a footer describes.
   *
   * @throws NumberFormatException if a property is missing or not a number
   */
  static WorkUnit ofProperties(String file, Map<String, String> properties, KeyNames key) {
    return new WorkUnit(
        file,
        Integer.parseInt(properties.get(ROWS)),
        Long.parseLong(properties.get(key.elementsProperty())),
        Long.parseLong(properties.get(key.storedElementsProperty())),
        Integer.parseInt(properties.get(DUPLICATE_ROWS)),
        Integer.parseInt(properties.get(SHARED_WITH_PREVIOUS)));
  }

  /**
   * The approximate cost of some of its rows: their share of the stored elements, and a constant
   * for each row.
   *
   * @param rowCost cost of a row besides its key, in elements
   */
  public long cost(int someRows, long rowCost) {
    return someRows * rowCost + storedElements * someRows / Math.max(1, rows);
  }

  /** The same unit, seen from a folder above. */
  public WorkUnit inFolder(String folder) {
    return new WorkUnit(
        folder + "/" + file, rows, keyElements, storedElements, duplicateRows, sharedWithPrevious);
  }
}
