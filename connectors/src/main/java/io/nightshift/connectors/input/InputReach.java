package io.nightshift.connectors.input;

import io.nightshift.connectors.files.Glob;
import io.nightshift.connectors.files.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/**
 * The locations that an input path covers: its files, and the folders in which files that are added
 * later would be part of the input. Links have been followed, so that a folder is recognized by
 * every path that leads to it.
 */
public final class InputReach {
  private final List<Location> files = new ArrayList<>();
  private final List<Folder> folders = new ArrayList<>();

  InputReach() {}

  /** Of files that no path was given for. */
  public static InputReach nothing() {
    return new InputReach();
  }

  /**
   * A folder that was listed.
   *
   * @param patterns of the names below it that are part of the input; none for all that is below
   */
  private record Folder(Location location, List<String> patterns) {}

  void addFile(Location file) {
    files.add(file);
  }

  void addFolder(Location folder, List<String> patterns) {
    folders.add(new Folder(folder, patterns));
  }

  void addAll(InputReach other) {
    files.addAll(other.files);
    folders.addAll(other.folders);
  }

  /** How a folder, which need not exist, overlaps the input. */
  public enum Overlap {
    /** Files that are written to the folder would be read as input. */
    READ,
    /** The input, or a part of it, lies in the folder. */
    CONTAINS_INPUT
  }

  /**
   * Whether a folder and the input overlap. Hidden names count as part of the input, because other
   * readers of the input may read them.
   */
  public Optional<Overlap> overlap(Path path) throws IOException {
    Location location = Location.of(path);
    for (Folder folder : folders) {
      Optional<List<String>> below = location.from(folder.location());
      if (below.isPresent() && reads(folder.patterns(), below.get())) {
        return Optional.of(Overlap.READ);
      }
    }
    boolean containsInput =
        files.stream().anyMatch(file -> file.isWithin(location))
            || folders.stream().anyMatch(folder -> folder.location().isWithin(location));
    return containsInput ? Optional.of(Overlap.CONTAINS_INPUT) : Optional.empty();
  }

  /** Whether files at or below these names may match the patterns. */
  private static boolean reads(List<String> patterns, List<String> names) {
    if (patterns.isEmpty() || names.isEmpty()) {
      return true;
    }
    String pattern = patterns.get(0);
    List<String> rest = patterns.subList(1, patterns.size());
    List<String> below = names.subList(1, names.size());
    return pattern.equals(Glob.ANY_DEPTH)
        ? reads(rest, names) || reads(patterns, below)
        : Glob.matches(pattern, names.get(0)) && reads(rest, below);
  }
}
