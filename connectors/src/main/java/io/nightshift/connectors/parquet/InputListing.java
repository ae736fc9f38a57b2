package io.nightshift.connectors.parquet;

import io.nightshift.connectors.disk.LocalFileNames;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that a path means, on any of Flink's file systems: the file itself, all files
 * below a folder, or what a glob matches ({@code * ? [a-z] {a,b}}, and {@code **} for any number of
 * folders). A path that exists is taken literally, whatever characters it has.
 *
 * <p>Names that begin with {@code _} or {@code .} are skipped below a folder or glob, but not
 * folders like {@code _day=1}. Files come sorted by path.
 */
final class InputListing {
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  /** What Hadoop's older file systems for object storage put beside a folder. */
  private static final String FOLDER_MARKER = "_$folder$";

  private static final String ANY_DEPTH = "**";

  private final List<Listed> found = new ArrayList<>();

  private InputListing() {}

  /**
   * A file that was found.
   *
   * @param folders the names of the folders between the fixed part of the path and the file
   */
  record Listed(FileStatus status, List<String> folders) {}

  /**
   * @throws ParquetReadException if there is no such file, or none in the folder
   */
  static List<Listed> list(String path) throws IOException {
    Path root = new Path(path);
    FileSystem fileSystem = root.getFileSystem();
    InputListing listing = new InputListing();
    FileStatus status = statusOrNull(fileSystem, root);
    if (status != null) {
      listing.take(fileSystem, status, List.of());
    } else if (GLOB.matcher(root.getPath()).find()) {
      listing.glob(fileSystem, root);
    } else {
      throw new ParquetReadException(path, "there is no such file or folder");
    }
    if (listing.found.isEmpty()) {
      throw new ParquetReadException(path, "no files are found there");
    }
    listing.found.sort(Comparator.comparing(file -> file.status().getPath().toString()));
    return listing.found;
  }

  private static @Nullable FileStatus statusOrNull(FileSystem fileSystem, Path path)
      throws IOException {
    try {
      return fileSystem.getFileStatus(path);
    } catch (FileNotFoundException missing) {
      return null;
    }
  }

  /** Splits the path where its first wildcard is, and walks on from the fixed part. */
  private void glob(FileSystem fileSystem, Path path) throws IOException {
    String[] names = path.getPath().split("/", -1);
    int fixed = 0;
    while (!GLOB.matcher(names[fixed]).find()) {
      fixed++;
    }
    String parent = String.join("/", Arrays.copyOf(names, fixed));
    Path base =
        new Path(
            path.toUri().getScheme(), path.toUri().getAuthority(), parent.isEmpty() ? "/" : parent);
    List<String> patterns = new ArrayList<>(Arrays.asList(names).subList(fixed, names.length));
    patterns.removeIf(String::isEmpty);
    FileStatus status = statusOrNull(fileSystem, base);
    if (status != null) {
      match(fileSystem, status, patterns, List.of());
    }
  }

  private void match(
      FileSystem fileSystem, FileStatus status, List<String> patterns, List<String> folders)
      throws IOException {
    if (patterns.isEmpty()) {
      take(fileSystem, status, folders);
      return;
    }
    if (!status.isDir()) {
      return;
    }
    String pattern = patterns.get(0);
    List<String> rest = patterns.subList(1, patterns.size());
    boolean anyDepth = pattern.equals(ANY_DEPTH);
    if (anyDepth) {
      match(fileSystem, status, rest, folders);
      if (rest.isEmpty()) {
        return;
      }
    }
    PathMatcher matcher = matcher(anyDepth ? "*" : pattern);
    for (FileStatus child : children(fileSystem, status)) {
      String name = child.getPath().getName();
      if (!isHidden(child) && matcher.matches(java.nio.file.Path.of(name))) {
        List<String> inner = child.isDir() ? append(folders, name) : folders;
        if (!anyDepth) {
          match(fileSystem, child, rest, inner);
        } else if (child.isDir()) {
          match(fileSystem, child, patterns, inner);
        }
      }
    }
  }

  private static PathMatcher matcher(String glob) throws IOException {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException wrong) {
      throw new ParquetReadException(glob, "is not a glob pattern: " + wrong.getDescription());
    }
  }

  /** Takes a file, or all files below a folder. */
  private void take(FileSystem fileSystem, FileStatus status, List<String> folders)
      throws IOException {
    if (!status.isDir()) {
      found.add(new Listed(status, folders));
      return;
    }
    for (FileStatus child : children(fileSystem, status)) {
      if (!isHidden(child)) {
        String name = child.getPath().getName();
        take(fileSystem, child, child.isDir() ? append(folders, name) : folders);
      }
    }
  }

  private static FileStatus[] children(FileSystem fileSystem, FileStatus folder)
      throws IOException {
    LocalFileNames.requireKnownInside(folder.getPath());
    FileStatus[] children = fileSystem.listStatus(folder.getPath());
    return children == null ? new FileStatus[0] : children;
  }

  private static boolean isHidden(FileStatus status) {
    String name = status.getPath().getName();
    boolean marksFolder = name.endsWith(FOLDER_MARKER) && status.getLen() == 0;
    return marksFolder
        || name.startsWith(".")
        || (name.startsWith("_") && !(status.isDir() && HiveFolders.isPartition(name)));
  }

  private static List<String> append(List<String> names, String name) {
    List<String> longer = new ArrayList<>(names);
    longer.add(name);
    return List.copyOf(longer);
  }
}
