package io.nightshift.job.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * The state of a file, which changes with its content.
 *
 * @param path without symbolic links
 * @param bytes its size
 * @param modified when it was last written; any user may set this time
 * @param changed when its content, name or permissions last changed; no user can set this time
 * @param inode device and number
 */
record FileState(String path, long bytes, String modified, String changed, String inode) {
  /** The coarsest clock of a common file system. */
  private static final Duration CLOCK_TICK = Duration.ofSeconds(2);

  static FileState of(Path file) throws IOException {
    Path path = file.toRealPath();
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileState(
        path.toString(),
        attributes.size(),
        attributes.lastModifiedTime().toString(),
        ((FileTime) Files.getAttribute(path, "unix:ctime")).toString(),
        String.valueOf(attributes.fileKey()));
  }

  /** Whether the file could be written after this moment without a change of its times. */
  boolean isYoung(Instant now) {
    return Instant.parse(changed).plus(CLOCK_TICK).isAfter(now);
  }
}
