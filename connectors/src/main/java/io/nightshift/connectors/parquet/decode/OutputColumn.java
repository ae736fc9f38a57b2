package io.nightshift.connectors.parquet.decode;

import java.io.Serializable;

/**
 * Where a column of the batches comes from.
 *
 * @param name of the column
 * @param origin what fills it
 */
public record OutputColumn(String name, Origin origin) implements Serializable {
  /** What fills a column. */
  public enum Origin {
    /** A top-level column of the files. */
    FILE,
    /** A {@code key=value} folder above the file. */
    FOLDER,
    /** The path of the file. */
    PATH,
    /** The number of the row in the file, from 0. */
    ROW_NUMBER,
    /** What was wrong with a value of the row; null where nothing was. */
    UNREADABLE_VALUE
  }
}
