package io.nightshift.connectors.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.connectors.files.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.core.fs.Path;

/**
 * A run that holds a lease.
 *
 * @param id that no other run has
 * @param description for human readers: where it runs, and since when
 */
public record LeaseHolder(String id, String description) {
  private static final String FILE = "holder.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Reads the holder of the lease in a folder. */
  static Optional<LeaseHolder> read(Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    Optional<byte[]> json = AtomicFile.read(file);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(json.get(), LeaseHolder.class));
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is damaged: if no run writes to this output, delete it".formatted(file), e);
    }
  }

  /** Makes this the holder, replacing any other. */
  void write(Path folder) throws IOException {
    AtomicFile.write(new Path(folder, FILE), JSON.writeValueAsBytes(this));
  }

  /**
   * Makes this the holder on a local file system if there is none. Of several concurrent processes,
   * only one succeeds.
   *
   * @return empty if the file system has no hard links
   */
  Optional<Boolean> writeFirst(Path folder) throws IOException {
    java.nio.file.Path lease = java.nio.file.Path.of(folder.getPath());
    Files.createDirectories(lease);
    // A temporary file would not be readable for other users.
    java.nio.file.Path written = lease.resolve("." + UUID.randomUUID() + ".json");
    try {
      Files.write(written, JSON.writeValueAsBytes(this));
      Files.createLink(lease.resolve(FILE), written);
      return Optional.of(true);
    } catch (FileAlreadyExistsException e) {
      return Optional.of(false);
    } catch (FileSystemException | UnsupportedOperationException e) {
      return Optional.empty();
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** Removes the holder of a folder. */
  static void delete(Path folder) throws IOException {
    folder.getFileSystem().delete(new Path(folder, FILE), false);
  }
}
