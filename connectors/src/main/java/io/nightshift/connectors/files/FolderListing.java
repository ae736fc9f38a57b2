package io.nightshift.connectors.files;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The content of folders on any of Flink's file systems. Flink's own listing of local folders fails
 * on names with a colon, and lists a folder without read permission as empty.
 */
public final class FolderListing {
  private FolderListing() {}

  /** The path of a child of a folder; its name may have any characters. */
  public static Path child(Path folder, String name) {
    String parent = folder.toString();
    return new Path((parent.endsWith(Path.SEPARATOR) ? parent : parent + Path.SEPARATOR) + name);
  }

  /** The sibling of a folder whose name has a suffix appended. */
  public static Path beside(Path folder, String suffix) {
    return new Path(folder + suffix);
  }

  /** The status of the file or folder at a path; empty if there is none. */
  public static Optional<FileStatus> status(Path path) throws IOException {
    try {
      return Optional.of(path.getFileSystem().getFileStatus(path));
    } catch (FileNotFoundException missing) {
      return Optional.empty();
    }
  }

  /**
   * The files and folders in a folder whose names match; none if there is no such folder.
   *
   * @throws IOException if the folder cannot be listed; or if a file has a name that Flink's paths
   *     cannot express, or is a dangling link; the message names it
   */
  public static List<FileStatus> of(Path folder, Predicate<String> wanted) throws IOException {
    if (!Location.isLocal(folder)) {
      return remote(folder).filter(child -> wanted.test(child.getPath().getName())).toList();
    }
    FileSystem fileSystem = folder.getFileSystem();
    List<FileStatus> children = new ArrayList<>();
    for (String name : localNames(folder)) {
      if (wanted.test(name)) {
        children.add(localChild(fileSystem, folder, name));
      }
    }
    return children;
  }

  /** The names of the files and folders in a folder; none if there is no such folder. */
  public static List<String> names(Path folder) throws IOException {
    return Location.isLocal(folder)
        ? localNames(folder)
        : remote(folder).map(child -> child.getPath().getName()).toList();
  }

  private static Stream<FileStatus> remote(Path folder) throws IOException {
    FileSystem fileSystem = folder.getFileSystem();
    return fileSystem.exists(folder)
        ? Arrays.stream(fileSystem.listStatus(folder))
        : Stream.empty();
  }

  private static List<String> localNames(Path folder) throws IOException {
    File directory = new File(folder.getPath());
    String[] names = directory.list();
    if (names == null && directory.exists()) {
      throw new IOException(
          directory.isDirectory()
              ? folder + " cannot be listed; check its permissions"
              : folder + " is a file, not a folder");
    }
    return names == null ? List.of() : List.of(names);
  }

  private static FileStatus localChild(FileSystem fileSystem, Path folder, String name)
      throws IOException {
    Path path = child(folder, name);
    if (!path.getName().equals(name)) {
      throw new IOException(
          "%s has a file \"%s\", whose name Flink's paths cannot express: rename it"
              .formatted(folder, name));
    }
    try {
      return fileSystem.getFileStatus(path);
    } catch (FileNotFoundException missing) {
      throw new IOException(
          path + " is a link that leads nowhere, or was deleted just now: remove it", missing);
    }
  }
}
