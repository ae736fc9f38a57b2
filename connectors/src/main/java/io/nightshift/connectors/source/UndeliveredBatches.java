package io.nightshift.connectors.source;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The batches that have been read but not emitted. Flink's queue drops them if a task fails or is
 * cancelled; they are kept here so that their buffers are freed.
 */
final class UndeliveredBatches implements AutoCloseable {
  private final Set<ArrowBatch> batches = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  /** Called by the reading thread. A batch that arrives too late is closed immediately. */
  synchronized void add(ArrowBatch batch) {
    if (closed) {
      batch.close();
    } else {
      batches.add(batch);
    }
  }

  /** Called by the task's thread before it emits the batch, which transfers the ownership. */
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
