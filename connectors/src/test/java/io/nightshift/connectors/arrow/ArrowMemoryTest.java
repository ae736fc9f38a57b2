package io.nightshift.connectors.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrowMemoryTest {
  @AfterEach
  void forgetTheLimit() {
    ArrowMemory.allocator(new Configuration());
  }

  @Test
  void theTaskManagersSettingBoundsTheAllocatorAndTheErrorNamesIt() {
    BufferAllocator allocator = ArrowMemory.allocator(offHeap("1m"));
    try (ArrowBuf half = allocator.buffer(512 * 1024)) {
      assertThat(half.capacity()).isEqualTo(512 * 1024);
      assertThatThrownBy(() -> allocator.buffer(1024 * 1024))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("taskmanager.memory.task.off-heap.size")
          .hasMessageContaining("524,288 of 1,048,576 bytes");
    }
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  @Test
  void aClusterThatWasNotConfiguredGets256MebibytesAndTheErrorNamesTheOption() {
    BufferAllocator allocator = ArrowMemory.allocator(offHeap("0b"));
    assertThat(allocator.getLimit()).isEqualTo(256L << 20);
    assertThatThrownBy(() -> allocator.buffer(512L << 20))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("taskmanager.memory.task.off-heap.size");
  }

  @Test
  void withoutASettingThatBoundsTheHeapsMaximumDoes() {
    long heap = Runtime.getRuntime().maxMemory();
    assertThat(ArrowMemory.allocator(new Configuration()).getLimit()).isEqualTo(heap);
    Configuration local = new Configuration();
    local.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.parse("1t"));
    assertThat(ArrowMemory.allocator(local).getLimit()).isEqualTo(heap);
  }

  private static Configuration offHeap(String size) {
    Configuration configuration = new Configuration();
    configuration.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.parse(size));
    return configuration;
  }
}
