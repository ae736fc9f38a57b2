package io.nightshift.job.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A folder on this machine that files are to be written to, and that need not exist. */
public final class LocalFolder {
  private LocalFolder() {}

  /** Why files cannot be written to a folder, with the file or folder above that is the reason. */
  public static Optional<String> problem(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return Optional.of("cannot be created, since " + existing + " is a file");
    }
    return Files.isWritable(existing)
        ? Optional.empty()
        : Optional.of("cannot be written, since this user may not write to " + existing);
  }
}
