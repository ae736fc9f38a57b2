package io.nightshift.connectors.units.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.lease.Ownership;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The work units of a plan as a bounded source of the Arrow batches that {@link
 * io.nightshift.connectors.units.WorkUnitReader} gives. Readers pull units; a checkpoint contains
 * the unassigned rows and the readers' positions, so that each row is emitted exactly once. An
 * operator chained to the source may pause it through its {@link ReadGate}.
 */
public final class WorkUnitSource
    implements Source<ArrowBatch, WorkUnitSplit, UnassignedRows>, ResultTypeQueryable<ArrowBatch> {
  private static final long serialVersionUID = 1L;

  private final WorkUnits units;
  private final UnassignedRows rows;
  private final Ownership ownership;
  private final boolean elastic;

  /**
   * @param rows of the plans to read
   * @param ownership of the job's output, which the source's enumerator renews, so that it is kept
   *     after the client of the job has ended
   * @param elastic whether the job takes whatever TaskManagers there are, so that a task whose
   *     process is told to end may finish. Otherwise it starts anew on another TaskManager, since a
   *     job of a fixed parallelism would have one engine less for good
   */
  public WorkUnitSource(
      WorkUnits units, UnassignedRows rows, Ownership ownership, boolean elastic) {
    this.units = units;
    this.rows = rows;
    this.ownership = ownership;
    this.elastic = elastic;
  }

  /**
   * @param rows of the plans to read
   */
  public WorkUnitSource(WorkUnits units, UnassignedRows rows) {
    this(units, rows, Ownership.UNDISPUTED, false);
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
  public SplitEnumerator<WorkUnitSplit, UnassignedRows> createEnumerator(
      SplitEnumeratorContext<WorkUnitSplit> context) {
    return new WorkUnitEnumerator(context, units, rows, ownership, elastic);
  }

  @Override
  public SplitEnumerator<WorkUnitSplit, UnassignedRows> restoreEnumerator(
      SplitEnumeratorContext<WorkUnitSplit> context, UnassignedRows unassigned) {
    return new WorkUnitEnumerator(context, units, unassigned, ownership, elastic);
  }

  @Override
  public SourceReader<ArrowBatch, WorkUnitSplit> createReader(SourceReaderContext context) {
    return new WorkUnitSourceReader(
        context,
        units.folder(),
        units.keyNames(),
        ArrowMemory.allocator(context.getConfiguration()));
  }

  @Override
  public SimpleVersionedSerializer<WorkUnitSplit> getSplitSerializer() {
    return new WorkUnitSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<UnassignedRows> getEnumeratorCheckpointSerializer() {
    return new UnassignedRowsSerializer();
  }
}
