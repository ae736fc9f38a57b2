package io.nightshift.job.run;

import io.nightshift.connectors.files.OwnFiles;
import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.connectors.parquet.output.WrittenRows;
import io.nightshift.connectors.parquet.sink.OutputNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * A folder of answers. Below it, answers wait until all are there and can be brought into the
 * input's order.
 *
 * @param path of the folder
 */
public record OutputFolder(Path path) {
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

  /**
   * Deletes what waited for a run, once it is ordered.
   *
   * @param runs ids of the runs that may have left files behind
   * @throws io.nightshift.connectors.files.FileReadException naming a file there that no run has
   *     written
   */
  void deleteUnordered(int run, Collection<String> runs) throws IOException {
    Path waiting = unordered(run);
    WrittenRows.read(List.of(waiting)); // Fails on files of others.
    Set<String> written = new HashSet<>(names(waiting));
    OwnFiles.deleteFolder(
        waiting, name -> written.contains(name) || OutputNames.isBegun(name, runs));
  }

  /**
   * Deletes files that runs have not committed, left by those that were killed.
   *
   * @param runs ids of the runs
   */
  static void deleteBegun(Path folder, Collection<String> runs) throws IOException {
    OwnFiles.deleteFiles(folder, name -> OutputNames.isBegun(name, runs));
  }
}
