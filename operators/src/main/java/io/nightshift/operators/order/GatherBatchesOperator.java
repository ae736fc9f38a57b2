package io.nightshift.operators.order;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;

/** Gathers rows, in their order, into batches. */
final class GatherBatchesOperator extends AbstractStreamOperator<ArrowBatch>
    implements OneInputStreamOperator<Tuple3<Integer, Long, byte[]>, ArrowBatch>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private static final int MAX_ROWS = 512;

  /** A batch of wide rows ends earlier: it exceeds this size by less than one row. */
  private static final long MAX_BYTES = 2L << 20;

  private final byte[] schema;

  private transient ArrowRowCodec codec;
  private transient BufferAllocator allocator;
  private transient VectorSchemaRoot root;
  private transient int rows;
  private transient long bytes;

  /**
   * @param schema of the batches
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  GatherBatchesOperator(Schema schema) {
    this.schema = schema.serializeAsMessage();
  }

  @Override
  public void open() throws Exception {
    super.open();
    codec = new ArrowRowCodec(Schema.deserializeMessage(ByteBuffer.wrap(schema)));
    allocator = ArrowMemory.allocator(getRuntimeContext());
    root = VectorSchemaRoot.create(codec.schema(), allocator);
  }

  @Override
  public void processElement(StreamRecord<Tuple3<Integer, Long, byte[]>> element) {
    byte[] row = element.getValue().f2;
    codec.decode(row, root, rows++);
    bytes += row.length;
    if (rows >= MAX_ROWS || bytes >= MAX_BYTES) {
      emit();
    }
  }

  @Override
  public void endInput() {
    if (rows > 0) {
      emit();
    }
  }

  private void emit() {
    root.setRowCount(rows);
    ArrowBatch batch = new ArrowBatch(root);
    root = VectorSchemaRoot.create(codec.schema(), allocator);
    rows = 0;
    bytes = 0;
    output.collect(new StreamRecord<>(batch));
  }

  @Override
  public void close() throws Exception {
    IOUtils.closeAll(root);
    super.close();
  }
}
