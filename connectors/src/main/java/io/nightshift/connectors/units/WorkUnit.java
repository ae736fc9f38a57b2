package io.nightshift.connectors.units;

import java.io.Serializable;
import java.util.Map;

/**
 * A file of rows in planned order, and what it costs to compute.
 *
 * @param file name in the plan's folder; names of one plan sort in planned order
 * @param rows rows, those with errors included
 * @param promptTokens tokens of all prompts
 * @param computedTokens tokens that are left when each prefix shared by neighbours is computed once
 * @param duplicateRows rows whose prompt is that of the row before
 * @param sharedWithPrevious tokens that the first row shares with the last row of the unit before
 *     it in the plan; 0 for the first unit
 */
public record WorkUnit(
    String file,
    int rows,
    long promptTokens,
    long computedTokens,
    int duplicateRows,
    int sharedWithPrevious)
    implements Serializable {
  private static final String ROWS = "nightshift.rows";
  private static final String PROMPT_TOKENS = "nightshift.prompt-tokens";
  private static final String COMPUTED_TOKENS = "nightshift.computed-tokens";
  private static final String DUPLICATE_ROWS = "nightshift.duplicate-rows";
  private static final String SHARED_WITH_PREVIOUS = "nightshift.shared-with-previous";

  private static final long TOKENS_OF_ANSWER = 4;

  /** The figures as a file has them in its footer. */
  Map<String, String> figures() {
    return Map.of(
        ROWS, Integer.toString(rows),
        PROMPT_TOKENS, Long.toString(promptTokens),
        COMPUTED_TOKENS, Long.toString(computedTokens),
        DUPLICATE_ROWS, Integer.toString(duplicateRows),
        SHARED_WITH_PREVIOUS, Integer.toString(sharedWithPrevious));
  }

  /**
   * @throws NumberFormatException if one is missing or no number
   */
  static WorkUnit ofFigures(String file, Map<String, String> figures) {
    return new WorkUnit(
        file,
        Integer.parseInt(figures.get(ROWS)),
        Long.parseLong(figures.get(PROMPT_TOKENS)),
        Long.parseLong(figures.get(COMPUTED_TOKENS)),
        Integer.parseInt(figures.get(DUPLICATE_ROWS)),
        Integer.parseInt(figures.get(SHARED_WITH_PREVIOUS)));
  }

  /** About what some of its rows cost: their share of the tokens, and a few for each answer. */
  long cost(int someRows) {
    return someRows * TOKENS_OF_ANSWER + computedTokens * someRows / Math.max(1, rows);
  }

  /** The same unit, seen from a folder above. */
  public WorkUnit inFolder(String folder) {
    return new WorkUnit(
        folder + "/" + file, rows, promptTokens, computedTokens, duplicateRows, sharedWithPrevious);
  }
}
