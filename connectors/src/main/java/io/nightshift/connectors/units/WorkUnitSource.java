package io.nightshift.connectors.units;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The work units of a plan as a bounded source of Arrow batches with the columns of {@link
 * WorkUnitSchema}. Readers pull units; a checkpoint holds the units that nobody has and the
 * position in those that are being read, so that each row is emitted exactly once.
 */
public final class WorkUnitSource
    implements Source<ArrowBatch, WorkUnitSplit, WorkUnitSplits>, ResultTypeQueryable<ArrowBatch> {
  private static final long serialVersionUID = 1L;

  private final Path folder;
  private final ArrayList<WorkUnit> units;
  private final HashMap<String, BitSet> done;

  /**
   * @param folder of the plan
   * @param units of the plan, in planned order
   * @param done rows that are done already, by the files of the units
   */
  public WorkUnitSource(Path folder, List<WorkUnit> units, Map<String, BitSet> done) {
    this.folder = folder;
    this.units = new ArrayList<>(units);
    this.done = new HashMap<>(done);
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public TypeInformation<ArrowBatch> getProducedType() {
    return ArrowBatchTypeInformation.INSTANCE;
  }

  @Override
  public SplitEnumerator<WorkUnitSplit, WorkUnitSplits> createEnumerator(
      SplitEnumeratorContext<WorkUnitSplit> context) {
    List<WorkUnitSplit> splits = new ArrayList<>();
    for (int unit = 0; unit < units.size(); unit++) {
      WorkUnit description = units.get(unit);
      BitSet doneRows = done.getOrDefault(description.file(), new BitSet());
      RowSelection rows = new RowSelection(0, description.rows(), doneRows);
      if (rows.count() > 0) {
        splits.add(new WorkUnitSplit(unit, description, rows));
      }
    }
    return new WorkUnitEnumerator(context, new WorkUnitSplits(splits));
  }

  @Override
  public SplitEnumerator<WorkUnitSplit, WorkUnitSplits> restoreEnumerator(
      SplitEnumeratorContext<WorkUnitSplit> context, WorkUnitSplits pending) {
    return new WorkUnitEnumerator(context, pending);
  }

  @Override
  public SourceReader<ArrowBatch, WorkUnitSplit> createReader(SourceReaderContext context) {
    return new WorkUnitSourceReader(
        context, folder, ArrowMemory.allocator(context.getConfiguration()));
  }

  @Override
  public SimpleVersionedSerializer<WorkUnitSplit> getSplitSerializer() {
    return new WorkUnitSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<WorkUnitSplits> getEnumeratorCheckpointSerializer() {
    return new WorkUnitSplitSerializer.OfList();
  }
}
