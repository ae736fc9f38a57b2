package io.nightshift.connectors.units;

import java.io.Serializable;

/**
 * Names, in the files of work units, of what belongs to the sort key of the rows.
 *
 * <p>A key is a list of 32-bit integers of any meaning, and rows are in the lexicographic order of
 * their keys. In a file keys are front-coded: a key is stored as the number of leading elements
 * that it shares with the key of the row before, and the remaining elements.
 *
 * @param column list of the key's elements: in a file those that are not shared, in batches all
 * @param sharedColumn number of leading elements shared with the row before; in files only
 * @param elementsProperty footer property: elements of all keys
 * @param storedElementsProperty footer property: elements that are stored
 */
public record KeyNames(
    String column, String sharedColumn, String elementsProperty, String storedElementsProperty)
    implements Serializable {}
