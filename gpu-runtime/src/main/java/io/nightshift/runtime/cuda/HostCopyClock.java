package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.runner.HostCopyTime;
import java.util.Arrays;

/**
 * Measures the rate of copies to the host, with events in their stream. Counts those of a step when
 * the second step after it begins its own, and so has waited for them.
 */
final class HostCopyClock implements AutoCloseable {
  private final CudaEvent[] starts = new CudaEvent[StepSlot.COUNT];
  private final CudaEvent[] ends = new CudaEvent[StepSlot.COUNT];
  private final long[] bytes = new long[StepSlot.COUNT];
  private int turn;
  private boolean cancelled;
  private long timedBytes;
  private double seconds;

  HostCopyClock(CudaDevice device) {
    Arrays.setAll(starts, i -> new CudaEvent(device));
    Arrays.setAll(ends, i -> new CudaEvent(device));
  }

  /** The copies of a step begin. */
  void start(CudaStream stream) {
    if (bytes[turn] > 0) {
      timedBytes += bytes[turn];
      seconds += ends[turn].secondsSince(starts[turn]);
      bytes[turn] = 0;
    }
    cancelled = false;
    starts[turn].record(stream);
  }

  void count(long copied) {
    bytes[turn] += copied;
  }

  /** The copies of this step wait for something. */
  void cancel() {
    cancelled = true;
  }

  void end(CudaStream stream) {
    ends[turn].record(stream);
    bytes[turn] = cancelled ? 0 : bytes[turn];
    turn = (turn + 1) % StepSlot.COUNT;
  }

  HostCopyTime time() {
    return new HostCopyTime(timedBytes, seconds);
  }

  @Override
  public void close() {
    for (int i = 0; i < StepSlot.COUNT; i++) {
      starts[i].close();
      ends[i].close();
    }
  }
}
