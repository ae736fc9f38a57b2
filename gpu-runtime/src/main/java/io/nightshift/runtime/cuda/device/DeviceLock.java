package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.files.MachineLock;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An engine's lock on a GPU. Two slots of a cluster must not share one by accident: each would run
 * at half the speed, and size its KV cache by the memory that the other left. The lock is on a file
 * in the temporary folder, for all users of the machine.
 */
final class DeviceLock implements AutoCloseable {
  private final MachineLock lock;

  private DeviceLock(MachineLock lock) {
    this.lock = lock;
  }

  /**
   * @param uuid UUID of the device
   * @throws DeviceBusyException if another engine holds it
   */
  static DeviceLock take(int ordinal, String uuid) {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "nightshift-gpu-" + uuid + ".lock");
    try {
      return MachineLock.tryTake(file).map(DeviceLock::new).orElseThrow(() -> held(ordinal, file));
    } catch (IOException e) {
      throw new DeviceException("GPU " + ordinal + " cannot be locked: " + e.getMessage(), e);
    }
  }

  private static DeviceBusyException held(int ordinal, Path file) {
    return new DeviceBusyException(
        "GPU %s is held by another engine (lock file %s); give each task slot a GPU of its own with CUDA_VISIBLE_DEVICES, or use one slot a TaskManager"
            .formatted(ordinal, file));
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new DeviceException("A GPU's lock file cannot be closed", e);
    }
  }
}
