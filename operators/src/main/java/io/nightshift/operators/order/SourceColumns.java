package io.nightshift.operators.order;

import java.io.Serializable;

/**
 * Names of the columns that tell which input row an answered row comes from.
 *
 * @param file path of the input file, UTF-8
 * @param row number of the row in that file, from 0, as a 64-bit integer
 */
public record SourceColumns(String file, String row) implements Serializable {}
