package io.nightshift.connectors.parquet.sink;

import java.util.Collection;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names of output files. They contain the id of the run that wrote them, which distinguishes them
 * from the files of other programs. This includes the hidden files and uploads that a killed run
 * leaves behind.
 */
public final class OutputNames {
  private static final String PREFIX = "part";
  private static final String COMPACTED = "-compacted-";

  private OutputNames() {}

  /** The prefix of names, before the number of the task or its writer. */
  static String prefix(String runId) {
    return runId.isEmpty() ? PREFIX : PREFIX + "-" + runId;
  }

  /** The name of a file without rows. */
  public static String empty(String runId) {
    return prefix(runId) + "-empty.parquet";
  }

  /** A new name for a file that replaces smaller ones. */
  public static String compacted(String runId) {
    return prefix(runId) + COMPACTED + UUID.randomUUID() + ".parquet";
  }

  /** Whether a file has replaced smaller ones. */
  public static boolean isCompacted(String name) {
    return name.contains(COMPACTED);
  }

  /**
   * The name of a file whose rows are in order.
   *
   * @param files prefix of the names of these files, by which they sort
   * @param number of the file among those of its task
   */
  public static String ordered(String files, int task, int number, String runId) {
    return String.format(
        Locale.ROOT,
        "%s-%05d-%05d%s.parquet",
        files,
        task,
        number,
        runId.isEmpty() ? "" : "-" + runId);
  }

  /** A regular expression for the task of an ordered file, as the first group, of these runs. */
  static String orderedPattern(String files, String runId) {
    return files
        + "-(\\d+)-\\d+"
        + (runId.isEmpty() ? "" : "-" + Pattern.quote(runId))
        + "\\.parquet";
  }

  /** Whether a file in order was written by one of some runs. */
  public static boolean isOrdered(String name, String files, Collection<String> runIds) {
    return runIds.stream().anyMatch(id -> name.matches(orderedPattern(files, id)));
  }

  /** Whether one of some runs has begun a file that it has not committed. */
  public static boolean isBegun(String name, Collection<String> runIds) {
    return name.startsWith("." + PREFIX + "-")
        && name.contains(".inprogress")
        && isOf(name, runIds);
  }

  /** Whether the name of a file, or of a folder above it, has the id of one of some runs. */
  public static boolean isOf(String path, Collection<String> runIds) {
    return !runIds.isEmpty()
        && path.matches(
            ".*-("
                + runIds.stream().map(Pattern::quote).collect(Collectors.joining("|"))
                + ")[-./].*");
  }
}
