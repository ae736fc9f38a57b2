package io.nightshift.connectors.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.nightshift.connectors.disk.AtomicFile;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/**
 * A run that has a lease.
 *
 * @param id that no other run has
 * @param description for people: where it runs, and since when
 */
public record LeaseHolder(String id, String description) {
  private static final String FILE = "holder.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The one that has the lease in a folder. */
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

  void write(Path folder) throws IOException {
    AtomicFile.write(new Path(folder, FILE), JSON.writeValueAsBytes(this));
  }
}
