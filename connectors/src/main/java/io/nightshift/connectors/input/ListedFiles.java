package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of input paths.
 *
 * @param files sorted within each of the paths; one that several paths cover is there once
 * @param reach the locations that the paths cover
 */
public record ListedFiles(List<ListedFile> files, InputReach reach) {
  public ListedFiles {
    files = List.copyOf(files);
  }

  /**
   * Lists the files.
   *
   * @param paths files, folders or globs on any of Flink's file systems, at least one
   * @throws FileReadException naming a path without files
   */
  public static ListedFiles of(List<String> paths) throws IOException {
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("No input path is given.");
    }
    Map<String, ListedFile> files = new LinkedHashMap<>();
    InputReach reach = new InputReach();
    for (String path : paths) {
      InputListing listing = InputListing.of(path);
      reach.addAll(listing.reach());
      listing.files().forEach(file -> files.putIfAbsent(file.path(), file));
    }
    return new ListedFiles(List.copyOf(files.values()), reach);
  }
}
