package io.nightshift.job.pipeline;

import io.nightshift.connectors.parquet.OutputFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A folder that answers go to, and where they wait below it until all are there and can be brought
 * into the input's order.
 *
 * @param path of the folder
 */
record OutputFolder(Path path) {
  /** Readers of Parquet skip a name that begins so. */
  private static final String UNORDERED = "_unordered";

  /** Where the answers of an ordered run wait. */
  Path unordered(int run) {
    return new Path(path, UNORDERED + String.format(Locale.ROOT, "/%05d", run));
  }

  /** Names of the files that readers of Parquet find. */
  List<String> names() throws IOException {
    return names(path);
  }

  /** Names of the files that wait, of whichever run. */
  List<String> unorderedNames() throws IOException {
    Path waiting = new Path(path, UNORDERED);
    List<String> names = new ArrayList<>();
    for (FileStatus run : OutputFiles.list(List.of(waiting))) {
      names.addAll(names(run.getPath()));
    }
    return names;
  }

  /** Those whose names begin so. */
  List<String> names(String prefix) throws IOException {
    return names().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** The files of these names that are there. */
  List<FileStatus> files(Collection<String> names) throws IOException {
    Set<String> wanted = Set.copyOf(names);
    return OutputFiles.list(List.of(path)).stream()
        .filter(file -> wanted.contains(file.getPath().getName()))
        .toList();
  }

  private static List<String> names(Path folder) throws IOException {
    return OutputFiles.list(List.of(folder)).stream()
        .map(file -> file.getPath().getName())
        .sorted()
        .toList();
  }

  /** Deletes what waited for a run, once it is ordered. */
  void deleteUnordered(int run) throws IOException {
    path.getFileSystem().delete(unordered(run), true);
  }

  /** Deletes files that no run has committed, left by one that was killed. */
  static void deleteLeftovers(Path folder) throws IOException {
    FileSystem fileSystem = folder.getFileSystem();
    if (!fileSystem.exists(folder)) {
      return;
    }
    for (FileStatus file : fileSystem.listStatus(folder)) {
      String name = file.getPath().getName();
      if (name.startsWith(".part-") && name.contains(".inprogress")) {
        fileSystem.delete(file.getPath(), false);
      }
    }
  }
}
