package io.nightshift.connectors.parquet.compaction;

import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.parquet.sink.PendingFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A merged file that is not visible yet, and the files that it replaces.
 *
 * @param folder of all of them
 * @param obsolete names of the files that are deleted
 * @param name of the merged file
 * @param file the merged file
 * @param rows that it has
 */
public record Replacement(
    String folder, ArrayList<String> obsolete, String name, PendingFile file, long rows)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Deletes the obsolete files and makes the merged one visible. In between, readers may miss some
   * rows, but see none twice. Can be repeated after a failure at any point.
   */
  void apply() throws IOException {
    Path path = new Path(folder);
    FileSystem fileSystem = path.getFileSystem();
    ParallelReads.map(obsolete, name -> fileSystem.delete(new Path(path, name), false));
    file.commit(path);
  }
}
