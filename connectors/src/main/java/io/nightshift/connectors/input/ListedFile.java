package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * A file that was found below an input path.
 *
 * @param folders the names of the folders between the fixed part of the path and the file
 */
public record ListedFile(FileStatus status, List<String> folders) {
  public ListedFile {
    folders = List.copyOf(folders);
  }

  /** With its file system's scheme. */
  public String path() {
    return status.getPath().toString();
  }

  /**
   * The keys and values of {@code key=value} folders; null for Hive's null.
   *
   * @throws FileReadException if two folders have the same key
   */
  public Map<String, @Nullable String> folderValues() throws FileReadException {
    return HiveFolders.parse(path(), folders);
  }
}
