package io.nightshift.job.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A model on another file system, copied to this machine, since weights are memory-mapped. A file
 * that was copied before is copied again when its size or its time of modification has changed.
 */
final class RemoteModel {
  private final java.nio.file.Path copies;
  private final Consumer<String> notices;

  /**
   * @param copies folder for the copies
   * @param notices is told what is being copied, since that may take its time
   */
  RemoteModel(java.nio.file.Path copies, Consumer<String> notices) {
    this.copies = copies;
    this.notices = notices;
  }

  /** The local copy of a model file, or of the files in a model folder. */
  java.nio.file.Path copy(Path model) throws IOException {
    FileSystem fileSystem = model.getFileSystem();
    FileStatus status = fileSystem.getFileStatus(model);
    java.nio.file.Path folder = copies.resolve(folderName(model));
    if (!status.isDir()) {
      return copy(fileSystem, status, folder);
    }
    for (FileStatus child : fileSystem.listStatus(model)) {
      if (!child.isDir()) {
        copy(fileSystem, child, folder);
      }
    }
    return folder;
  }

  /** One folder for each place, the same in every process. */
  private static String folderName(Path model) {
    byte[] address = model.toUri().toString().getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(address).toString();
  }

  private java.nio.file.Path copy(FileSystem fileSystem, FileStatus file, java.nio.file.Path folder)
      throws IOException {
    java.nio.file.Path target = folder.resolve(file.getPath().getName());
    FileTime modified = FileTime.fromMillis(file.getModificationTime());
    if (Files.exists(target)
        && Files.size(target) == file.getLen()
        && Files.getLastModifiedTime(target).equals(modified)) {
      return target;
    }
    notices.accept("Copying " + file.getPath());
    Files.createDirectories(folder);
    java.nio.file.Path partial = Files.createTempFile(folder, "copy", ".partial");
    try {
      try (InputStream content = fileSystem.open(file.getPath())) {
        Files.copy(content, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.setLastModifiedTime(partial, modified);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
    return target;
  }
}
