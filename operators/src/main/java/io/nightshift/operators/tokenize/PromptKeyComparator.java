package io.nightshift.operators.tokenize;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeComparator;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.core.memory.MemorySegment;

/**
 * Compares {@link PromptKey}s, also serialized ones without deserializing them: two prompts are
 * read only up to their first difference. The normalized key is the first token ids, big-endian
 * (ids are not negative, so unsigned bytes order as the numbers do); a prompt that ends early is
 * padded with zeros, which orders it no later than any other prompt with the same beginning.
 */
final class PromptKeyComparator extends TypeComparator<PromptKey> {
  private static final long serialVersionUID = 1L;

  private final boolean ascending;
  private transient PromptKey reference = PromptKeySerializer.INSTANCE.createInstance();

  PromptKeyComparator(boolean ascending) {
    this.ascending = ascending;
  }

  @Override
  public int hash(PromptKey key) {
    return key.hashCode();
  }

  @Override
  public void setReference(PromptKey toCompare) {
    reference = toCompare;
  }

  @Override
  public boolean equalToReference(PromptKey candidate) {
    return candidate.equals(reference);
  }

  @Override
  public int compareToReference(TypeComparator<PromptKey> referenced) {
    return signed(((PromptKeyComparator) referenced).reference.compareTo(reference));
  }

  @Override
  public int compare(PromptKey first, PromptKey second) {
    return signed(first.compareTo(second));
  }

  @Override
  public int compareSerialized(DataInputView first, DataInputView second) throws IOException {
    int firstLength = first.readInt();
    int secondLength = second.readInt();
    int common = Math.min(firstLength, secondLength);
    for (int i = 0; i < common; i++) {
      int order = Integer.compare(first.readInt(), second.readInt());
      if (order != 0) {
        return signed(order);
      }
    }
    if (firstLength != secondLength) {
      return signed(Integer.compare(firstLength, secondLength));
    }
    int order =
        StringSerializer.INSTANCE
            .deserialize(first)
            .compareTo(StringSerializer.INSTANCE.deserialize(second));
    return signed(order != 0 ? order : Long.compare(first.readLong(), second.readLong()));
  }

  private int signed(int order) {
    return ascending ? order : -order;
  }

  @Override
  public boolean supportsNormalizedKey() {
    return true;
  }

  @Override
  public int getNormalizeKeyLen() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean isNormalizedKeyPrefixOnly(int keyBytes) {
    return true;
  }

  @Override
  public void putNormalizedKey(PromptKey key, MemorySegment target, int offset, int bytes) {
    for (int i = 0; i < bytes; i++) {
      int index = i / Integer.BYTES;
      int token = index < key.tokens().length ? key.tokens()[index] : 0;
      int shift = Byte.SIZE * (Integer.BYTES - 1 - i % Integer.BYTES);
      target.put(offset + i, (byte) (token >>> shift));
    }
  }

  @Override
  public boolean invertNormalizedKey() {
    return !ascending;
  }

  @Override
  public boolean supportsSerializationWithKeyNormalization() {
    return false;
  }

  @Override
  public void writeWithKeyNormalization(PromptKey key, DataOutputView target) {
    throw new UnsupportedOperationException("PromptKey has no normalized serialization");
  }

  @Override
  public PromptKey readWithKeyDenormalization(PromptKey reuse, DataInputView source) {
    throw new UnsupportedOperationException("PromptKey has no normalized serialization");
  }

  @Override
  public TypeComparator<PromptKey> duplicate() {
    return new PromptKeyComparator(ascending);
  }

  @Override
  public int extractKeys(Object record, Object[] target, int index) {
    target[index] = record;
    return 1;
  }

  @Override
  public TypeComparator<?>[] getFlatComparators() {
    return new TypeComparator<?>[] {this};
  }
}
