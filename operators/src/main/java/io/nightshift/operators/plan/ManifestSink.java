package io.nightshift.operators.plan;

import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.units.WorkUnit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.fs.Path;

/**
 * Gathers the units of all ranges and writes the summary and the manifest after the last range.
 * Requires a parallelism of one.
 */
public final class ManifestSink implements Sink<PlannedRange> {
  private static final long serialVersionUID = 1L;

  private final Path folder;
  private final ArrayList<PlannedFile> inputs;
  private final String keptSchemaJson;
  private final Ownership ownership;

  /**
   * @param folder of the plan
   * @param inputs files whose rows are planned
   * @param kept schema of the kept input columns
   * @param ownership of the folder
   */
  public ManifestSink(Path folder, List<PlannedFile> inputs, Schema kept, Ownership ownership) {
    this.folder = folder;
    this.inputs = new ArrayList<>(inputs);
    this.keptSchemaJson = kept.toJson();
    this.ownership = ownership;
  }

  @Override
  public SinkWriter<PlannedRange> createWriter(WriterInitContext context) throws IOException {
    return new Writer(Schema.fromJSON(keptSchemaJson));
  }

  private final class Writer implements SinkWriter<PlannedRange> {
    private final Schema kept;
    private final List<PlannedRange> ranges = new ArrayList<>();

    Writer(Schema kept) {
      this.kept = kept;
    }

    @Override
    public void write(PlannedRange range, Context context) {
      ranges.add(range);
    }

    /** The manifest comes last: it is what makes the plan complete. */
    @Override
    public void flush(boolean endOfInput) throws IOException {
      if (endOfInput) {
        ownership.requireHeld();
        List<PlannedRange> inOrder = PlannedRange.inOrder(ranges);
        List<WorkUnit> units = inOrder.stream().flatMap(range -> range.units().stream()).toList();
        PlannedRange.summary(inOrder).write(folder);
        new PlanManifest(inputs, kept, units).write(folder);
      }
    }

    @Override
    public void close() {}
  }
}
