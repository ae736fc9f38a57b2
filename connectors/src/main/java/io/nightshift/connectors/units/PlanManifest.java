package io.nightshift.connectors.units;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;

/**
 * What a plan consists of. Written last and at once: a plan folder with a manifest is complete.
 *
 * @param fingerprint of everything that the plan depends on, as its maker defines it
 * @param keptColumns schema of the kept input columns
 * @param units in planned order
 */
public record PlanManifest(String fingerprint, Schema keptColumns, List<WorkUnit> units) {
  private static final String FILE = "manifest.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public PlanManifest {
    units = List.copyOf(units);
  }

  public long rows() {
    return units.stream().mapToLong(WorkUnit::rows).sum();
  }

  public long promptTokens() {
    return units.stream().mapToLong(WorkUnit::promptTokens).sum();
  }

  /** Tokens that are left when each shared prefix is computed once. */
  public long computedTokens() {
    return units.stream().mapToLong(WorkUnit::computedTokens).sum();
  }

  /** Makes the plan in {@code folder} complete. An older manifest there is replaced. */
  public void write(Path folder) throws IOException {
    Stored stored = new Stored(fingerprint, keptColumns.toJson(), units);
    FileSystem fileSystem = folder.getFileSystem();
    fileSystem.delete(new Path(folder, FILE), false);
    try (RecoverableFsDataOutputStream out =
        fileSystem.createRecoverableWriter().open(new Path(folder, FILE))) {
      out.write(JSON.writeValueAsBytes(stored));
      out.closeForCommit().commit();
    }
  }

  /**
   * Reads the manifest of the plan in {@code folder}; empty if there is none, because planning has
   * not ended.
   *
   * @throws IOException if it cannot be read
   */
  public static Optional<PlanManifest> read(Path folder) throws IOException {
    Path file = new Path(folder, FILE);
    byte[] json;
    try (FSDataInputStream in = folder.getFileSystem().open(file)) {
      json = in.readAllBytes();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    try {
      Stored stored = JSON.readValue(json, Stored.class);
      return Optional.of(
          new PlanManifest(stored.fingerprint, Schema.fromJSON(stored.keptColumns), stored.units));
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + " is no plan manifest; delete the folder and plan again: " + e.getMessage(), e);
    }
  }

  private record Stored(String fingerprint, String keptColumns, List<WorkUnit> units) {}
}
