package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.runner.DeviceTime;
import java.util.Arrays;

/**
 * Measures, with events in the stream, how long the device computes steps, and waits between them
 * and in them for masks.
 */
final class DeviceClock implements AutoCloseable {
  /** The steps in flight, and the one before, with whose end the pause starts. */
  private static final int KEPT = StepSlot.COUNT + 1;

  private final CudaEvent[] starts = new CudaEvent[KEPT];
  private final CudaEvent[] ends = new CudaEvent[KEPT];
  private final CudaEvent[] maskWaits = new CudaEvent[KEPT];
  private final CudaEvent[] maskArrivals = new CudaEvent[KEPT];
  private final boolean[] awaitsMasks = new boolean[KEPT];
  private long ended;
  private long counted;
  private double busySeconds;
  private double idleSeconds;
  private double maskWaitSeconds;

  DeviceClock(CudaDevice device) {
    Arrays.setAll(starts, i -> new CudaEvent(device));
    Arrays.setAll(ends, i -> new CudaEvent(device));
    Arrays.setAll(maskWaits, i -> new CudaEvent(device));
    Arrays.setAll(maskArrivals, i -> new CudaEvent(device));
  }

  void startStep(CudaStream stream) {
    starts[index(ended)].record(stream);
    awaitsMasks[index(ended)] = false;
  }

  /** The step has computed what it can without its masks. */
  void startMaskWait(CudaStream stream) {
    maskWaits[index(ended)].record(stream);
    awaitsMasks[index(ended)] = true;
  }

  /** The step goes on with its masks. */
  void endMaskWait(CudaStream stream) {
    maskArrivals[index(ended)].record(stream);
  }

  void endStep(CudaStream stream) {
    ends[index(ended)].record(stream);
    ended++;
  }

  /** Counts the oldest step that was not counted yet; it must have ended. */
  void countStep() {
    int step = index(counted);
    double wait = awaitsMasks[step] ? maskArrivals[step].secondsSince(maskWaits[step]) : 0;
    maskWaitSeconds += wait;
    busySeconds += ends[step].secondsSince(starts[step]) - wait;
    if (counted > 0) {
      idleSeconds += starts[step].secondsSince(ends[index(counted - 1)]);
    }
    counted++;
  }

  DeviceTime time() {
    return new DeviceTime(busySeconds, idleSeconds, maskWaitSeconds);
  }

  private static int index(long step) {
    return (int) (step % KEPT);
  }

  @Override
  public void close() {
    for (int i = 0; i < KEPT; i++) {
      starts[i].close();
      ends[i].close();
      maskWaits[i].close();
      maskArrivals[i].close();
    }
  }
}
