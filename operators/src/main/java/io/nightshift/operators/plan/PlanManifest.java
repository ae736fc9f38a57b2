package io.nightshift.operators.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitCutter;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The content of a plan. Written last and at once: a plan folder with a manifest is complete.
 *
 * @param inputs files whose rows are planned
 * @param keptColumns schema of the kept input columns
 * @param units in planned order
 */
public record PlanManifest(List<PlannedFile> inputs, Schema keptColumns, List<WorkUnit> units) {
  private static final String FILE = "manifest.json";
  private static final int VERSION = 2;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  /** One line per unit: there may be millions. */
  private static final PrettyPrinter LINES =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultPrettyPrinter.NopIndenter())
          .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);

  public PlanManifest {
    inputs = List.copyOf(inputs);
    units = List.copyOf(units);
  }

  /** Rows of all units, those with errors included. */
  public long rows() {
    return units.stream().mapToLong(WorkUnit::rows).sum();
  }

  /** Tokens of all prompts. */
  public long promptTokens() {
    return units.stream().mapToLong(WorkUnit::keyElements).sum();
  }

  /** The same plan, its units seen from the folder above. */
  public PlanManifest inFolder(String name) {
    return new PlanManifest(
        inputs, keptColumns, units.stream().map(unit -> unit.inFolder(name)).toList());
  }

  /** Prompt tokens that are stored: without the prefixes shared by neighbors in a unit. */
  public long computedTokens() {
    return units.stream().mapToLong(WorkUnit::storedElements).sum();
  }

  /**
   * Completes the plan in {@code folder}. Replaces an older manifest, and deletes units of failed
   * attempts, which the plan does not list.
   */
  public void write(Path folder) throws IOException {
    Stored stored =
        new Stored(
            VERSION,
            rows(),
            promptTokens(),
            computedTokens(),
            inputs,
            units.stream().map(Unit::of).toList(),
            JSON.readTree(keptColumns.toJson()));
    try (AtomicFile file = AtomicFile.create(new Path(folder, FILE))) {
      JSON.writer(LINES)
          .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .writeValue(file.stream(), stored);
      file.commit();
    }
    deleteUnlisted(folder);
  }

  private void deleteUnlisted(Path folder) throws IOException {
    Set<String> listed = units.stream().map(WorkUnit::file).collect(Collectors.toSet());
    FileSystem fileSystem = folder.getFileSystem();
    for (FileStatus file : fileSystem.listStatus(folder)) {
      String name = file.getPath().getName();
      if (WorkUnitCutter.isUnit(name) && !listed.contains(name)) {
        fileSystem.delete(file.getPath(), false);
      }
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
    try (FSDataInputStream in = folder.getFileSystem().open(file)) {
      Stored stored = JSON.readValue(new BufferedInputStream(in), Stored.class);
      if (stored.version != VERSION) {
        throw new IOException(
            "The plan manifest %s has version %s, expected %s; delete the folder and plan again"
                .formatted(file, stored.version, VERSION));
      }
      Schema kept = Schema.fromJSON(stored.keptColumns.toString());
      return Optional.of(
          new PlanManifest(
              stored.inputs, kept, stored.units.stream().map(Unit::workUnit).toList()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + " is not a plan manifest; delete the folder and plan again: " + e.getMessage(), e);
    }
  }

  /** The content of the file; the sums are for human readers alone. */
  private record Stored(
      int version,
      long rows,
      long promptTokens,
      long computedTokens,
      List<PlannedFile> inputs,
      List<Unit> units,
      JsonNode keptColumns) {}

  /** A work unit as it is stored in the file. */
  private record Unit(
      String file,
      int rows,
      long promptTokens,
      long computedTokens,
      int duplicateRows,
      int sharedWithPrevious) {
    static Unit of(WorkUnit unit) {
      return new Unit(
          unit.file(),
          unit.rows(),
          unit.keyElements(),
          unit.storedElements(),
          unit.duplicateRows(),
          unit.sharedWithPrevious());
    }

    WorkUnit workUnit() {
      return new WorkUnit(
          file, rows, promptTokens, computedTokens, duplicateRows, sharedWithPrevious);
    }
  }
}
