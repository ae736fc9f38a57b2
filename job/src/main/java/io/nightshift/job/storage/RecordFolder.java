package io.nightshift.job.storage;

import org.apache.flink.core.fs.Path;

/**
 * The folder of our own records in a folder of rows; readers of Parquet skip it.
 *
 * @param rows the folder of rows
 */
public record RecordFolder(Path rows) {
  public static final String NAME = "_nightshift";
  public static final String LEASE = "lease";
  public static final String RUNS = "runs";
  public static final String PAGE = "report.html";

  /** The folder. */
  public Path path() {
    return new Path(rows, NAME);
  }

  /** The lease of the run that writes rows. */
  public Path lease() {
    return new Path(path(), LEASE);
  }

  /** What runs have done, a file for each. */
  public Path runs() {
    return new Path(path(), RUNS);
  }

  /** The report of the last run. */
  public Path page() {
    return new Path(path(), PAGE);
  }
}
