package io.nightshift.connectors.units;

import java.io.Serializable;

/**
 * A file of rows in planned order, and what it costs to compute.
 *
 * @param file name in the plan's folder
 * @param rows rows, those with errors included
 * @param promptTokens tokens of all prompts
 * @param computedTokens tokens that are left when each prefix shared by neighbours is computed once
 * @param sharedWithPrevious tokens that the first row shares with the last row of the unit before
 *     it in the plan; 0 for the first unit
 */
public record WorkUnit(
    String file, int rows, long promptTokens, long computedTokens, int sharedWithPrevious)
    implements Serializable {}
