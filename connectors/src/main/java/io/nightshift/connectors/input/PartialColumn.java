package io.nightshift.connectors.input;

/**
 * A column that some files of an input have, and others lack.
 *
 * @param name of the column
 * @param present the first file that has it
 * @param absent the first file that lacks it
 */
public record PartialColumn(String name, String present, String absent) {}
