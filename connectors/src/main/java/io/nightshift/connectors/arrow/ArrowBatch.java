package io.nightshift.connectors.arrow;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * An Arrow record batch on its way from one operator to the next.
 *
 * <p><b>Ownership moves with the batch</b>: who receives it closes it, whether it came from a
 * chained operator (the very same object) or from the network (a deserialized one). Who emits it
 * must not touch it any more; on the way to another task the {@link ArrowBatchSerializer} is the
 * receiver, and closes it once its bytes are written. A stream of batches therefore has one
 * consumer, and batches are not kept in Flink's state.
 */
@TypeInfo(ArrowBatchTypeInformation.Factory.class)
public final class ArrowBatch implements AutoCloseable {
  private final VectorSchemaRoot root;

  /** Takes ownership of {@code root}. */
  public ArrowBatch(VectorSchemaRoot root) {
    this.root = root;
  }

  public VectorSchemaRoot root() {
    return root;
  }

  public int rows() {
    return root.getRowCount();
  }

  /** Frees the buffers. Harmless when called twice. */
  @Override
  public void close() {
    root.close();
  }

  @Override
  public String toString() {
    return "ArrowBatch[" + rows() + " rows of " + root.getSchema() + "]";
  }
}
