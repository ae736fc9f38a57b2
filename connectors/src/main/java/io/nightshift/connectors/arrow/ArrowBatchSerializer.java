package io.nightshift.connectors.arrow;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Arrays;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageMetadataResult;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch as two messages of Arrow's IPC format, each record readable by itself:
 *
 * <pre>
 *   int32 (big-endian)   length of the schema message
 *   bytes                schema message
 *   bytes                record batch message: metadata, then the buffers, 8-byte aligned
 * </pre>
 *
 * <p>The schema message is made once for a run of batches with the same schema, and parsed once.
 * Buffers are copied once on each side, between Arrow's memory and Flink's; between chained
 * operators they are not copied at all, since {@link #copy(ArrowBatch)} returns its argument.
 *
 * <p>{@link #serialize} is the receiver of its batch and closes it, even if writing fails.
 * Deserialized batches are allocated from {@link ArrowMemory}.
 */
public final class ArrowBatchSerializer extends TypeSerializer<ArrowBatch> {
  private static final long serialVersionUID = 1;

  private transient @Nullable Schema lastSchema;
  private transient byte[] lastSchemaMessage = {};

  @Override
  public void serialize(ArrowBatch batch, DataOutputView target) throws IOException {
    try (batch) {
      byte[] schemaMessage = schemaMessage(batch.root().getSchema());
      target.writeInt(schemaMessage.length);
      target.write(schemaMessage);
      try (ArrowRecordBatch message = new VectorUnloader(batch.root()).getRecordBatch()) {
        MessageSerializer.serialize(new WriteChannel(new DataOutputChannel(target)), message);
      }
    }
  }

  @Override
  public ArrowBatch deserialize(DataInputView source) throws IOException {
    Schema schema = schema(readSchemaMessage(source));
    ReadChannel channel = new ReadChannel(new DataInputChannel(source));
    try (ArrowRecordBatch message =
        MessageSerializer.deserializeRecordBatch(channel, ArrowMemory.allocator())) {
      VectorSchemaRoot root = VectorSchemaRoot.create(schema, ArrowMemory.allocator());
      try {
        new VectorLoader(root).load(message);
      } catch (RuntimeException | Error failure) {
        root.close();
        throw failure;
      }
      return new ArrowBatch(root);
    }
  }

  @Override
  public ArrowBatch deserialize(ArrowBatch reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    byte[] schemaMessage = readSchemaMessage(source);
    target.writeInt(schemaMessage.length);
    target.write(schemaMessage);
    MessageMetadataResult message =
        MessageSerializer.readMessage(new ReadChannel(new DataInputChannel(source)));
    if (message == null) {
      throw new IOException("An Arrow batch ends after its schema.");
    }
    ByteBuffer metadata = message.getMessageBuffer();
    WriteChannel channel = new WriteChannel(new DataOutputChannel(target));
    MessageSerializer.writeMessageBuffer(channel, metadata.remaining(), metadata);
    copyBytes(source, target, message.getMessageBodyLength());
  }

  /** Not {@link DataOutputView#write(DataInputView, int)}, which does not grow Flink's buffer. */
  private static void copyBytes(DataInputView source, DataOutputView target, long length)
      throws IOException {
    byte[] chunk = new byte[(int) Math.min(length, DataInputChannel.CHUNK)];
    for (long left = length; left > 0; left -= chunk.length) {
      int part = (int) Math.min(left, chunk.length);
      source.readFully(chunk, 0, part);
      target.write(chunk, 0, part);
    }
  }

  /** Returns the batch itself: its owner changes, and its buffers are not copied. */
  @Override
  public ArrowBatch copy(ArrowBatch batch) {
    return batch;
  }

  @Override
  public ArrowBatch copy(ArrowBatch batch, ArrowBatch reuse) {
    return batch;
  }

  @Override
  public ArrowBatch createInstance() {
    return new ArrowBatch(VectorSchemaRoot.of());
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializer<ArrowBatch> duplicate() {
    return new ArrowBatchSerializer();
  }

  @Override
  public TypeSerializerSnapshot<ArrowBatch> snapshotConfiguration() {
    return new Snapshot();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArrowBatchSerializer;
  }

  @Override
  public int hashCode() {
    return ArrowBatchSerializer.class.hashCode();
  }

  private byte[] schemaMessage(Schema schema) throws IOException {
    if (!schema.equals(lastSchema)) {
      schema.getFields().forEach(ArrowBatchSerializer::refuseDictionaries);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), schema);
      lastSchemaMessage = bytes.toByteArray();
      lastSchema = schema;
    }
    return lastSchemaMessage;
  }

  private Schema schema(byte[] message) throws IOException {
    Schema schema = lastSchema;
    if (schema == null || !Arrays.equals(message, lastSchemaMessage)) {
      try (ReadChannel channel =
          new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message)))) {
        schema = MessageSerializer.deserializeSchema(channel);
      }
      lastSchemaMessage = message;
      lastSchema = schema;
    }
    return schema;
  }

  private static byte[] readSchemaMessage(DataInputView source) throws IOException {
    byte[] message = new byte[source.readInt()];
    source.readFully(message);
    return message;
  }

  private static void refuseDictionaries(Field field) {
    if (field.getDictionary() != null) {
      throw new IllegalArgumentException(
          "Column " + field.getName() + " is dictionary encoded: decode it before it is emitted.");
    }
    field.getChildren().forEach(ArrowBatchSerializer::refuseDictionaries);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    lastSchemaMessage = new byte[0];
  }

  /** Batches are never state, so there is nothing to migrate: the format is the class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<ArrowBatch> {
    public Snapshot() {
      super(ArrowBatchSerializer::new);
    }
  }
}
