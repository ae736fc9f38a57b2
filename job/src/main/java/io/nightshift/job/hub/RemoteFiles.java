package io.nightshift.job.hub;

import io.nightshift.job.storage.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The files of a model on another file system, as they are now.
 *
 * @param address of the model
 * @param isFolder whether that is a folder
 * @param files that are needed, by name
 */
record RemoteFiles(Path address, boolean isFolder, List<RemoteFile> files) {

  /**
   * A file.
   *
   * @param bytes its size
   * @param modified when it was written last, in seconds since 1970: listings of S3 know fractions,
   *     and its answers about single files do not
   */
  record RemoteFile(Path path, long bytes, long modified) {
    private static RemoteFile of(FileStatus status) {
      return new RemoteFile(status.getPath(), status.getLen(), status.getModificationTime() / 1000);
    }

    String name() {
      return path.getName();
    }
  }

  /**
   * @throws FileNotFoundException if there is nothing
   * @throws ModelNotFoundException if there is a folder without weights that can be read
   */
  static RemoteFiles list(Path model) throws IOException {
    FileSystem fileSystem = model.getFileSystem();
    FileStatus status = fileSystem.getFileStatus(model);
    if (!status.isDir()) {
      return new RemoteFiles(model, false, List.of(RemoteFile.of(status)));
    }
    List<RemoteFile> files = new ArrayList<>();
    for (FileStatus child : fileSystem.listStatus(model)) {
      String name = child.getPath().getName();
      if (HuggingFaceFiles.isDescription(name) || HuggingFaceFiles.isWeights(name)) {
        files.add(RemoteFile.of(child));
      }
    }
    if (files.stream().noneMatch(file -> HuggingFaceFiles.isWeights(file.name()))) {
      throw new ModelNotFoundException(
          "%s has no weights as %s, the format that can be read; convert the model, or give the path of a .gguf file"
              .formatted(model, HuggingFaceFiles.WEIGHTS));
    }
    files.sort(Comparator.comparing(RemoteFile::name));
    return new RemoteFiles(model, true, files);
  }

  long bytes() {
    return files.stream().mapToLong(RemoteFile::bytes).sum();
  }

  /** Changes if a file has been added, removed or written again. */
  String version() {
    StringBuilder text = new StringBuilder();
    for (RemoteFile file : files) {
      text.append(file.name()).append(' ').append(file.bytes()).append(' ').append(file.modified());
      text.append('\n');
    }
    return Sha256.shortName(text.toString());
  }

  /** The identity of the model: its version, and in readable form what that is computed from. */
  String identity() {
    long modified = files.stream().mapToLong(RemoteFile::modified).max().orElse(0);
    return "%s of %s bytes, written at %s, version %s"
        .formatted(address.getName(), bytes(), Instant.ofEpochSecond(modified), version());
  }

  /** One name for each address, the same in every process. */
  String cacheName() {
    return address.getName() + "-" + Sha256.shortName(address.toUri().toString());
  }
}
