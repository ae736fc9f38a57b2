package io.nightshift.connectors.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
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
 * Files as a bounded source of {@link ArrowBatch}es, for batch and streaming jobs.
 *
 * <p>The files are listed and inspected before the source is built, on the client; the job reads
 * just these files, and fails if one has changed since. Splits are handed out to readers as they
 * ask. A checkpoint contains the next row of every split, so that after a failure each row is
 * emitted exactly once with respect to the restored state; the boundaries of batches may differ.
 *
 * <p>All batches have the schema {@link #schema()}.
 */
public final class ArrowSource
    implements Source<ArrowBatch, FileSplit, PendingSplits>, ResultTypeQueryable<ArrowBatch> {
  private static final long serialVersionUID = 1;

  private final BatchFormat format;
  private final PendingSplits splits;

  /**
   * @param format that reads the splits
   * @param splits to read, in this order
   */
  public ArrowSource(BatchFormat format, List<FileSplit> splits) {
    this.format = format;
    this.splits = new PendingSplits(splits);
  }

  /** The schema of all batches. */
  public Schema schema() {
    return format.schema();
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
  public SplitEnumerator<FileSplit, PendingSplits> createEnumerator(
      SplitEnumeratorContext<FileSplit> context) {
    return restoreEnumerator(context, splits);
  }

  @Override
  public SplitEnumerator<FileSplit, PendingSplits> restoreEnumerator(
      SplitEnumeratorContext<FileSplit> context, PendingSplits pending) {
    return new FileSplitEnumerator(context, pending);
  }

  @Override
  public SourceReader<ArrowBatch, FileSplit> createReader(SourceReaderContext context) {
    return new ArrowSourceReader(
        context,
        format,
        ArrowMemory.allocator(context.getConfiguration()),
        new UndeliveredBatches());
  }

  @Override
  public SimpleVersionedSerializer<FileSplit> getSplitSerializer() {
    return new FileSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<PendingSplits> getEnumeratorCheckpointSerializer() {
    return new PendingSplits.Serializer();
  }
}
