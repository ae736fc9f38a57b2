package io.nightshift.connectors.arrow;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.AllocationOutcome;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The off-heap memory of Arrow batches: one root allocator for this process, bounded by Flink's
 * {@code taskmanager.memory.task.off-heap.size}. On a cluster that option is 0 unless it is
 * configured; the bound is then {@value #DEFAULT_MEBIBYTES} MiB, and a warning in the log names the
 * option.
 *
 * <p>The allocator belongs to the class loader of the job: the tasks of one job in one TaskManager
 * share it, two jobs in one session cluster have one each. Until a task has passed its
 * TaskManager's configuration, and if that grants more than the machine has (a MiniCluster grants 1
 * TiB by default), the bound is the maximum heap size, which is the JVM's own rule for direct
 * memory.
 */
public final class ArrowMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ArrowMemory.class);
  private static final int DEFAULT_MEBIBYTES = 256;
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final String OPTION = TaskManagerOptions.TASK_OFF_HEAP_MEMORY.key();

  private static final BufferAllocator ROOT =
      new RootAllocator(new ExhaustionListener(), Runtime.getRuntime().maxMemory());

  private ArrowMemory() {}

  /** The allocator of this process. Callers must not close it. */
  public static BufferAllocator allocator() {
    return ROOT;
  }

  /**
   * The allocator of this process, bounded by what {@code taskManager} grants to tasks. Sources and
   * operators that create batches call this when they open.
   *
   * @param taskManager the configuration of the TaskManager that the task runs in
   */
  public static BufferAllocator allocator(ReadableConfig taskManager) {
    long granted = taskManager.get(TaskManagerOptions.TASK_OFF_HEAP_MEMORY).getBytes();
    boolean explicit = taskManager.getOptional(TaskManagerOptions.TASK_OFF_HEAP_MEMORY).isPresent();
    if (granted == 0 && explicit) {
      warnOnce();
      ROOT.setLimit(MemorySize.ofMebiBytes(DEFAULT_MEBIBYTES).getBytes());
      return ROOT;
    }
    boolean bounded = granted > 0 && granted <= physicalMemory();
    ROOT.setLimit(bounded ? granted : Runtime.getRuntime().maxMemory());
    return ROOT;
  }

  /**
   * As {@link #allocator(ReadableConfig)}, for functions.
   *
   * @param context what {@code getRuntimeContext()} returns in a task
   */
  public static BufferAllocator allocator(RuntimeContext context) {
    if (context instanceof StreamingRuntimeContext task) {
      return allocator(task.getTaskManagerRuntimeInfo().getConfiguration());
    }
    throw new IllegalArgumentException(
        "Not the context of a Flink task, which knows its TaskManager: " + context);
  }

  private static long physicalMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  private static void warnOnce() {
    if (WARNED.compareAndSet(false, true)) {
      LOG.warn(
          "{} is 0, so Flink has planned no memory for Arrow batches, which live off the heap. They"
              + " may take {} MiB; set the option to give them more, or to have Flink plan for them.",
          OPTION,
          DEFAULT_MEBIBYTES);
    }
  }

  /** Adds the option that bounds the memory, which Arrow's own message does not name. */
  private static final class ExhaustionListener implements AllocationListener {
    @Override
    public boolean onFailedAllocation(long size, AllocationOutcome outcome) {
      throw new OutOfMemoryException(
          String.format(
              Locale.ROOT,
              "%,d bytes for an Arrow buffer do not fit: %,d of %,d bytes are in use. Raise %s, or"
                  + " make batches smaller.",
              size,
              ROOT.getAllocatedMemory(),
              ROOT.getLimit(),
              OPTION));
    }
  }
}
