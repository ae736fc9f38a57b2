package io.nightshift.operators.order;

import java.io.Serializable;

/**
 * A file that rows come from.
 *
 * @param path as the rows contain it
 * @param rows its rows have numbers below this
 */
public record SourceFile(String path, long rows) implements Serializable {}
