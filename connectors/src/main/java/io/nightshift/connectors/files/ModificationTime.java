package io.nightshift.connectors.files;

import java.util.concurrent.TimeUnit;

/** When files were written last, as file systems tell it. */
public final class ModificationTime {
  private ModificationTime() {}

  /**
   * Whether two times may be one: the listings of some S3 servers know milliseconds, and their
   * answers about a single file only seconds.
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
