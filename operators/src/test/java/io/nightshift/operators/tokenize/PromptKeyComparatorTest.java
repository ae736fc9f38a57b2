package io.nightshift.operators.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeComparator;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptKeyComparatorTest {
  private static final int NORMALIZED_BYTES = 10;

  private final TypeSerializer<PromptKey> serializer =
      new PromptKeyTypeInformation().createSerializer(new SerializerConfigImpl());

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ordersSerializedKeysAsTheKeysThemselves(boolean ascending) throws IOException {
    TypeComparator<PromptKey> comparator =
        new PromptKeyTypeInformation().createComparator(ascending, new ExecutionConfig());
    List<PromptKey> keys = randomKeys();
    for (PromptKey first : keys) {
      for (PromptKey second : keys) {
        int expected =
            Integer.signum(ascending ? first.compareTo(second) : second.compareTo(first));
        assertThat(Integer.signum(comparator.compare(first, second))).isEqualTo(expected);
        assertThat(Integer.signum(comparator.compareSerialized(bytes(first), bytes(second))))
            .isEqualTo(expected);
        comparator.setReference(first);
        assertThat(comparator.equalToReference(second)).isEqualTo(expected == 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, NORMALIZED_BYTES})
  void aNormalizedKeyNeverContradictsTheOrder(int length) {
    TypeComparator<PromptKey> comparator =
        new PromptKeyTypeInformation().createComparator(true, new ExecutionConfig());
    List<PromptKey> keys = randomKeys();
    for (PromptKey first : keys) {
      for (PromptKey second : keys) {
        int order =
            normalized(comparator, first, length)
                .compare(normalized(comparator, second, length), 0, 0, length);
        if (order != 0) {
          assertThat(Integer.signum(order)).isEqualTo(Integer.signum(first.compareTo(second)));
        }
      }
    }
  }

  private static MemorySegment normalized(
      TypeComparator<PromptKey> comparator, PromptKey key, int length) {
    MemorySegment segment = MemorySegmentFactory.allocateUnpooledSegment(length);
    comparator.putNormalizedKey(key, segment, 0, length);
    return segment;
  }

  private DataInputDeserializer bytes(PromptKey key) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(key, out);
    return new DataInputDeserializer(out.getCopyOfBuffer());
  }

  /**
   * Short prompts over few tokens, small and large, so that prefixes, equal prompts and every tie
   * occur.
   */
  private static List<PromptKey> randomKeys() {
    Random random = new Random(7);
    int[] vocabulary = {0, 1, 255, 256, 65_536, Integer.MAX_VALUE};
    List<PromptKey> keys = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      int[] tokens =
          random.ints(random.nextInt(4), 0, vocabulary.length).map(t -> vocabulary[t]).toArray();
      keys.add(new PromptKey(tokens, random.nextBoolean() ? "a" : "b", random.nextInt(3)));
    }
    return keys;
  }
}
