package io.nightshift.operators.tokenize;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Number of tokens, tokens, file, row: in the order in which {@link PromptKeyComparator} compares
 * them.
 */
final class PromptKeySerializer extends TypeSerializerSingleton<PromptKey> {
  private static final long serialVersionUID = 1L;

  static final PromptKeySerializer INSTANCE = new PromptKeySerializer();

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public PromptKey createInstance() {
    return new PromptKey(new int[0], "", 0);
  }

  @Override
  public PromptKey copy(PromptKey from) {
    return from;
  }

  @Override
  public PromptKey copy(PromptKey from, PromptKey reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(PromptKey key, DataOutputView target) throws IOException {
    target.writeInt(key.tokens().length);
    for (int token : key.tokens()) {
      target.writeInt(token);
    }
    StringSerializer.INSTANCE.serialize(key.sourceFile(), target);
    target.writeLong(key.sourceRow());
  }

  @Override
  public PromptKey deserialize(DataInputView source) throws IOException {
    int[] tokens = new int[source.readInt()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = source.readInt();
    }
    return new PromptKey(tokens, StringSerializer.INSTANCE.deserialize(source), source.readLong());
  }

  @Override
  public PromptKey deserialize(PromptKey reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    int tokens = source.readInt();
    target.writeInt(tokens);
    target.write(source, tokens * Integer.BYTES);
    StringSerializer.INSTANCE.copy(source, target);
    target.writeLong(source.readLong());
  }

  @Override
  public TypeSerializerSnapshot<PromptKey> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Configuration snapshot; there is nothing to configure. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<PromptKey> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
