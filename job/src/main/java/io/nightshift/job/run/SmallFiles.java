package io.nightshift.job.run;

import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.Replacements;
import io.nightshift.connectors.parquet.output.OutputFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** Small output files, and the record of the files that replace them. */
public final class SmallFiles {
  private final RunFolder folder;

  public SmallFiles(RunFolder folder) {
    this.folder = folder;
  }

  /** Output files to merge, so that all but the last of a folder have {@code fileBytes}. */
  public List<FileGroup> groups(long fileBytes) throws IOException {
    List<FileGroup> groups = new ArrayList<>();
    for (OutputFolder output : folder.outputs()) {
      List<FileStatus> files = OutputFiles.list(List.of(output.path()));
      for (FileGroup group : FileGroup.of(output.path(), files, fileBytes)) {
        groups.addAll(group.byTypes(files));
      }
    }
    return groups;
  }

  /** The record of a compaction that has not been applied completely. */
  public Path record() {
    return new Path(folder.work().path(), "compaction.json");
  }

  /**
   * Applies the replacements that are recorded, by an earlier run too, so that each row is there
   * once.
   */
  public void applyRecord() throws IOException {
    Optional<Replacements> recorded = Replacements.read(record());
    if (recorded.isPresent()) {
      recorded.get().apply(record());
    }
  }
}
