package io.nightshift.connectors.parquet.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.decode.BatchLayout;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
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
 * Parquet files as a bounded source of {@link ArrowBatch}es, for batch and streaming jobs.
 *
 * <p>The files are listed and their footers checked when the source is built, on the client; the
 * job reads just these files, and fails if one has changed since. Row groups are handed out to
 * readers as they ask. A checkpoint contains the next row of every split, so that after a failure
 * each row is emitted exactly once with respect to the restored state; the boundaries of batches
 * may differ.
 *
 * <p>All batches have the schema {@link #schema()}.
 */
public final class ParquetSource
    implements Source<ArrowBatch, ParquetSplit, PendingSplits>, ResultTypeQueryable<ArrowBatch> {
  private static final long serialVersionUID = 1;

  private final List<ParquetInputFile> files;
  private final BatchLayout layout;
  private final long splitBytes;

  ParquetSource(List<ParquetInputFile> files, BatchLayout layout, long splitBytes) {
    this.files = files;
    this.layout = layout;
    this.splitBytes = splitBytes;
  }

  public static ParquetSourceBuilder builder() {
    return new ParquetSourceBuilder();
  }

  /** The schema of all batches. */
  public Schema schema() {
    return layout.schema();
  }

  /** The files that will be read, in this order. */
  public List<ParquetInputFile> files() {
    return files;
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
  public SplitEnumerator<ParquetSplit, PendingSplits> createEnumerator(
      SplitEnumeratorContext<ParquetSplit> context) {
    return restoreEnumerator(context, new PendingSplits(ParquetSplits.of(files, splitBytes)));
  }

  @Override
  public SplitEnumerator<ParquetSplit, PendingSplits> restoreEnumerator(
      SplitEnumeratorContext<ParquetSplit> context, PendingSplits pending) {
    return new ParquetSplitEnumerator(context, pending);
  }

  @Override
  public SourceReader<ArrowBatch, ParquetSplit> createReader(SourceReaderContext context) {
    return new ParquetSourceReader(
        context,
        layout,
        ArrowMemory.allocator(context.getConfiguration()),
        new UndeliveredBatches());
  }

  @Override
  public SimpleVersionedSerializer<ParquetSplit> getSplitSerializer() {
    return new ParquetSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<PendingSplits> getEnumeratorCheckpointSerializer() {
    return new PendingSplits.Serializer();
  }
}
