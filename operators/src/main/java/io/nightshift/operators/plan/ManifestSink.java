package io.nightshift.operators.plan;

import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.connectors.units.PlannedFile;
import io.nightshift.connectors.units.WorkUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.fs.Path;

/**
 * Gathers the descriptions of all units and writes the manifest once the last one has come. To be
 * run by one task.
 */
public final class ManifestSink implements Sink<WorkUnit> {
  private static final long serialVersionUID = 1L;

  private final Path folder;
  private final ArrayList<PlannedFile> inputs;
  private final String keptSchemaJson;

  /**
   * @param folder of the plan
   * @param inputs files whose rows are planned
   * @param kept schema of the kept input columns
   */
  public ManifestSink(Path folder, List<PlannedFile> inputs, Schema kept) {
    this.folder = folder;
    this.inputs = new ArrayList<>(inputs);
    this.keptSchemaJson = kept.toJson();
  }

  @Override
  public SinkWriter<WorkUnit> createWriter(WriterInitContext context) throws IOException {
    Schema kept = Schema.fromJSON(keptSchemaJson);
    List<WorkUnit> units = new ArrayList<>();
    return new SinkWriter<>() {
      @Override
      public void write(WorkUnit unit, Context unitContext) {
        units.add(unit);
      }

      @Override
      public void flush(boolean endOfInput) throws IOException {
        if (endOfInput) {
          units.sort(Comparator.comparing(WorkUnit::file));
          new PlanManifest(inputs, kept, units).write(folder);
        }
      }

      @Override
      public void close() {}
    };
  }
}
