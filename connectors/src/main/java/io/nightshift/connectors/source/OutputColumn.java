package io.nightshift.connectors.source;

import java.io.Serializable;

/**
 * The origin of a column of the batches.
 *
 * @param name of the column
 * @param origin origin of its values
 */
public record OutputColumn(String name, Origin origin) implements Serializable {
  /** The origin of the values of a column. */
  public enum Origin {
    /** A top-level column of the files. */
    FILE,
    /** A {@code key=value} folder above the file. */
    FOLDER,
    /** The path of the file. */
    PATH,
    /** The number of the row in the file, from 0. */
    ROW_NUMBER,
    /** Why a value of the row could not be read; null if all could. */
    UNREADABLE_VALUE
  }
}
