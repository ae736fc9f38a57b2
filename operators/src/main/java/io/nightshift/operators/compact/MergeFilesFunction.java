package io.nightshift.operators.compact;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.FileMerger;
import io.nightshift.connectors.parquet.compaction.Replacement;
import io.nightshift.operators.report.RunCounter;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Merges the files of each group into one that is not visible yet. */
public final class MergeFilesFunction extends RichMapFunction<FileGroup, Replacement> {
  private static final long serialVersionUID = 1L;

  private final FileMerger merger;
  private transient BufferAllocator allocator;
  private transient LongCounter rows;

  /**
   * @param merger that writes the merged files
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  public MergeFilesFunction(FileMerger merger) {
    this.merger = merger;
  }

  @Override
  public void open(OpenContext context) {
    allocator = ArrowMemory.allocator(getRuntimeContext());
    rows = RunCounter.ROWS_COMPACTED.register(getRuntimeContext());
  }

  @Override
  public Replacement map(FileGroup group) throws IOException {
    Replacement merged = merger.merge(group, allocator);
    rows.add(merged.rows());
    return merged;
  }
}
