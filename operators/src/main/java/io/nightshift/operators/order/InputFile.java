package io.nightshift.operators.order;

import java.io.Serializable;

/**
 * A file that rows come from.
 *
 * @param path as the rows contain it
 * @param rows that it has
 */
public record InputFile(String path, long rows) implements Serializable {}
