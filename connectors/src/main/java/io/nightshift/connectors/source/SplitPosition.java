package io.nightshift.connectors.source;

import java.io.Serializable;

/**
 * A position between two rows of a file.
 *
 * @param offset in the unit in which the format cuts files: a row group's index in Parquet, bytes
 *     in JSON Lines
 * @param row in Parquet the rows of the row group before the position, in JSON Lines the lines of
 *     the file before it
 */
public record SplitPosition(long offset, long row) implements Serializable {}
