package io.nightshift.connectors.parquet.output;

import io.nightshift.connectors.files.FolderListing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** The files that runs have written to folders. */
public final class OutputFiles {
  private OutputFiles() {}

  /**
   * Lists the files of some folders, without hidden files and folders. Missing folders are empty.
   */
  public static List<FileStatus> list(List<Path> folders) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    for (Path folder : folders) {
      files.addAll(FolderListing.of(folder, name -> !isHidden(name)));
    }
    return files;
  }

  /** Whether readers of answers skip a file or folder of this name. */
  public static boolean isHidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
  }
}
