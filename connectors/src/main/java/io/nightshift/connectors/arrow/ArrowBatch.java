package io.nightshift.connectors.arrow;

import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * An Arrow record batch that is passed from one operator to the next.
 *
 * <p><b>Ownership moves with the batch</b>: the receiver closes it, whether it came from a chained
 * operator (the same object) or from the network (a deserialized one). The sender must not use it
 * after emitting it. If the batch goes to another task, the {@link ArrowBatchSerializer} is the
 * receiver and closes it once its bytes are written. A stream of batches therefore has one
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

  /** Frees the buffers. Calling it again has no effect. */
  @Override
  public void close() {
    root.close();
  }

  @Override
  public String toString() {
    return "ArrowBatch[" + rows() + " rows of " + root.getSchema() + "]";
  }
}
