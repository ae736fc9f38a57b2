package io.nightshift.job.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.job.storage.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The record of a copy of a model, written last: a folder with this record is complete.
 *
 * @param source address of the model
 * @param isFolder whether that is a folder
 * @param files of the copy
 */
record ModelCopy(String source, boolean isFolder, List<CopiedFile> files) {
  private static final String FILE = "copy.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  ModelCopy {
    files = List.copyOf(files);
  }

  /**
   * A file of a copy.
   *
   * @param bytes size
   * @param copied when it was copied, in milliseconds since 1970, as the local file system has it
   * @param sha256 of the content
   */
  record CopiedFile(String name, long bytes, long copied, String sha256) {

    static CopiedFile of(Path file, String sha256) throws IOException {
      return new CopiedFile(
          file.getFileName().toString(), Files.size(file), modified(file), sha256);
    }

    /**
     * Whether the file is there as it was copied. A file whose modification time has changed is
     * hashed, to see whether it is still the same; others are not, since weights are large.
     */
    boolean isIntact(Path folder) throws IOException {
      Path file = folder.resolve(name);
      return Files.isRegularFile(file)
          && Files.size(file) == bytes
          && (modified(file) == copied || Sha256.of(file).equals(sha256));
    }

    private static long modified(Path file) throws IOException {
      return Files.getLastModifiedTime(file).toMillis();
    }
  }

  /** The record of a folder; empty if there is none that can be read. */
  static Optional<ModelCopy> read(Path folder) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), ModelCopy.class));
    } catch (NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  void write(Path folder) throws IOException {
    Files.write(folder.resolve(FILE), JSON.writeValueAsBytes(this));
  }

  boolean isIntact(Path folder) throws IOException {
    for (CopiedFile file : files) {
      if (!file.isIntact(folder)) {
        return false;
      }
    }
    return true;
  }

  /** The model's file or folder. */
  Path model(Path folder) {
    return isFolder ? folder : folder.resolve(files.get(0).name());
  }
}
