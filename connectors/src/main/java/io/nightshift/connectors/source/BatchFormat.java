package io.nightshift.connectors.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Reads splits of files of one format as Arrow batches. */
public interface BatchFormat extends Serializable {
  /** The schema of all batches. */
  Schema schema();

  /**
   * Opens a split whose file has not changed, at its position.
   *
   * @param allocator of the batches
   */
  Batches open(FileSplit split, BufferAllocator allocator) throws IOException;

  /** The batches of a split from some position on. */
  interface Batches extends Closeable {
    /**
     * The next rows, which the caller owns, or null at the end of the split.
     *
     * @throws IOException if the file cannot be read; no batch is left open
     */
    @Nullable ArrowBatch next() throws IOException;

    /** The position at which the next batch begins. */
    SplitPosition position();
  }
}
