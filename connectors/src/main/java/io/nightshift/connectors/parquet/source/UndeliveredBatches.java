package io.nightshift.connectors.parquet.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The batches that have been read but not emitted. They wait in a queue of Flink's that drops them
 * when a task fails or is cancelled; this keeps hold of them, so that their buffers are freed.
 */
final class UndeliveredBatches implements AutoCloseable {
  private final Set<ArrowBatch> batches = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  /** Called by the thread that reads. A batch that comes too late is closed at once. */
  synchronized void add(ArrowBatch batch) {
    if (closed) {
      batch.close();
    } else {
      batches.add(batch);
    }
  }

  /** Called by the task's thread before it emits: ownership goes on with the batch. */
  synchronized void remove(ArrowBatch batch) {
    batches.remove(batch);
  }

  @Override
  public synchronized void close() {
    closed = true;
    batches.forEach(ArrowBatch::close);
    batches.clear();
  }
}
