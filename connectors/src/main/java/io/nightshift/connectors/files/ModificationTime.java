package io.nightshift.connectors.files;

import java.util.concurrent.TimeUnit;

/** Modification times as file systems report them. */
public final class ModificationTime {
  private ModificationTime() {}

  /**
   * Whether two times may be the same: some S3 servers report milliseconds in listings, and only
   * seconds for a single file.
   *
   * @param first in milliseconds since 1970
   * @param second likewise
   */
  public static boolean same(long first, long second) {
    long firstSeconds = TimeUnit.MILLISECONDS.toSeconds(first);
    long secondSeconds = TimeUnit.MILLISECONDS.toSeconds(second);
    boolean coarse =
        first == TimeUnit.SECONDS.toMillis(firstSeconds)
            || second == TimeUnit.SECONDS.toMillis(secondSeconds);
    return first == second || (coarse && firstSeconds == secondSeconds);
  }
}
