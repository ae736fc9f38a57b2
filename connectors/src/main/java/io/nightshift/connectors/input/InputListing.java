package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.files.Glob;
import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.Location;
import java.io.File;
import java.io.IOException;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of an input path on any of Flink's file systems: the file itself, all files below
 * a folder, or what a {@linkplain Glob glob} matches. An existing path is taken literally, whatever
 * its characters.
 *
 * <p>Names that begin with {@code _} or {@code .} are skipped below a folder or glob, except for
 * folders like {@code _day=1}. Files are sorted by path.
 */
final class InputListing {
  /** The marker that Hadoop's older file systems for object storage create for a folder. */
  private static final String FOLDER_MARKER = "_$folder$";

  private final String path;
  private final InputReach reach = new InputReach();
  private final Map<String, ListedFile> found = new TreeMap<>();
  private final Map<Location, String> locations = new LinkedHashMap<>();
  private final Set<Location> foldersAbove = new LinkedHashSet<>();

  private InputListing(String path) {
    this.path = path;
  }

  /**
   * @throws FileReadException if there is no such file, or none in the folder, or if a link makes a
   *     file part of the input twice
   */
  static InputListing of(String path) throws IOException {
    InputListing listing = new InputListing(path);
    Path root = new Path(path);
    Optional<FileStatus> status = FolderListing.status(root);
    if (status.isPresent()) {
      listing.visit(status.get(), List.of(), List.of());
    } else if (Glob.isGlob(root.getPath())) {
      for (Glob glob : Glob.of(absolute(root))) {
        listing.match(root, glob);
      }
    } else {
      throw new FileReadException(path, "there is no such file or folder");
    }
    if (listing.found.isEmpty()) {
      throw new FileReadException(path, "no files are found there");
    }
    return listing;
  }

  private static String absolute(Path root) {
    return Location.isLocal(root) ? new File(root.getPath()).getAbsolutePath() : root.getPath();
  }

  /** The files that were found. */
  Collection<ListedFile> files() {
    return found.values();
  }

  InputReach reach() {
    return reach;
  }

  /** Continues from the fixed part of a glob. */
  private void match(Path root, Glob glob) throws IOException {
    @Nullable String scheme = root.toUri().getScheme();
    @Nullable String authority = root.toUri().getAuthority();
    Path base = new Path(scheme, authority, "/" + String.join("/", glob.fixed()));
    for (String pattern : glob.patterns()) {
      requirePattern(pattern);
    }
    Optional<FileStatus> status = FolderListing.status(base);
    if (status.isPresent()) {
      visit(status.get(), glob.patterns(), List.of());
    }
  }

  private static void requirePattern(String pattern) throws FileReadException {
    try {
      Glob.matcher(pattern);
    } catch (PatternSyntaxException wrong) {
      throw new FileReadException(pattern, "is not a glob pattern: " + wrong.getDescription());
    }
  }

  private void visit(FileStatus status, List<String> patterns, List<String> folders)
      throws IOException {
    if (!status.isDir()) {
      if (patterns.isEmpty()) {
        take(status, folders);
      }
      return;
    }
    Location folder = Location.of(status.getPath());
    if (!foldersAbove.add(folder)) {
      throw new FileReadException(
          status.getPath().toString(),
          "is a link to a folder above it, so that its files would be read again and again; remove"
              + " the link, or name the files with a glob");
    }
    match(status, patterns, folders);
    foldersAbove.remove(folder);
  }

  /** Takes all files that the patterns match below a folder; without patterns, all files. */
  private void match(FileStatus folder, List<String> patterns, List<String> folders)
      throws IOException {
    reach.addFolder(Location.of(folder.getPath()), patterns);
    boolean anyDepth = !patterns.isEmpty() && patterns.get(0).equals(Glob.ANY_DEPTH);
    if (anyDepth) {
      match(folder, patterns.subList(1, patterns.size()), folders);
      if (patterns.size() == 1) {
        return;
      }
    }
    List<String> rest =
        anyDepth || patterns.isEmpty() ? patterns : patterns.subList(1, patterns.size());
    for (FileStatus child : children(folder, rest == patterns ? "*" : patterns.get(0))) {
      if (!anyDepth || child.isDir()) {
        visit(child, rest, below(folders, child));
      }
    }
  }

  private void take(FileStatus status, List<String> folders) throws IOException {
    String file = status.getPath().toString();
    if (found.putIfAbsent(file, new ListedFile(status, folders)) != null) {
      return;
    }
    Location location = Location.of(status.getPath());
    @Nullable String other = locations.putIfAbsent(location, file);
    if (other != null) {
      throw new FileReadException(
          path,
          "%s and %s are the same file, by a link, so that its rows would be read twice; remove the link, or name the files with a glob"
              .formatted(other, file));
    }
    reach.addFile(location);
  }

  private static List<FileStatus> children(FileStatus folder, String pattern) throws IOException {
    LocalFileNames.requireKnownInside(folder.getPath());
    PathMatcher matcher = Glob.matcher(pattern);
    return FolderListing.of(
            folder.getPath(), name -> mayBeVisible(name) && Glob.matches(matcher, name))
        .stream()
        .filter(child -> !isHidden(child))
        .toList();
  }

  private static boolean mayBeVisible(String name) {
    return !name.startsWith(".") && (!name.startsWith("_") || HiveFolders.isPartition(name));
  }

  private static boolean isHidden(FileStatus status) {
    String name = status.getPath().getName();
    boolean marksFolder = name.endsWith(FOLDER_MARKER) && status.getLen() == 0;
    return marksFolder || (!status.isDir() && name.startsWith("_"));
  }

  private static List<String> below(List<String> folders, FileStatus child) {
    if (!child.isDir()) {
      return folders;
    }
    List<String> longer = new ArrayList<>(folders);
    longer.add(child.getPath().getName());
    return List.copyOf(longer);
  }
}
