package io.nightshift.connectors.files;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** Deletes files that this program has written, and no others. */
public final class OwnFiles {
  private OwnFiles() {}

  /**
   * Deletes files of a folder, and the folder itself if it holds nothing else. Does nothing if
   * there is no such folder.
   *
   * @param own whether this program has written a file with this name
   */
  public static void deleteFolder(Path folder, Predicate<String> own) throws IOException {
    List<FileStatus> ours = list(folder, own);
    if (ours.size() < FolderListing.names(folder).size()) {
      delete(ours);
    } else if (folder.getFileSystem().exists(folder)) {
      folder.getFileSystem().delete(folder, true);
    }
  }

  /**
   * Deletes files of a folder, which stays.
   *
   * @param own whether this program has written a file with this name
   */
  public static void deleteFiles(Path folder, Predicate<String> own) throws IOException {
    delete(list(folder, own));
  }

  private static List<FileStatus> list(Path folder, Predicate<String> own) throws IOException {
    return FolderListing.of(folder, own).stream().filter(file -> !file.isDir()).toList();
  }

  private static void delete(List<FileStatus> files) throws IOException {
    for (FileStatus file : files) {
      file.getPath().getFileSystem().delete(file.getPath(), false);
    }
  }
}
