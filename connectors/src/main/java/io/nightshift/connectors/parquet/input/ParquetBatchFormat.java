package io.nightshift.connectors.parquet.input;

import io.nightshift.connectors.parquet.decode.BatchReader;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;

/** Reads ranges of row groups of Parquet files. */
record ParquetBatchFormat(BatchLayout layout) implements BatchFormat {

  @Override
  public Schema schema() {
    return layout.schema();
  }

  @Override
  public Batches open(FileSplit split, BufferAllocator allocator) throws IOException {
    ParquetFile file = ParquetFile.open(new Path(split.path()), split.length());
    return new BatchReader(
        file, layout, split.folders(), split.position(), Math.toIntExact(split.end()), allocator);
  }
}
