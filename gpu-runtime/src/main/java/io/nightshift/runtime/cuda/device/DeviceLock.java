package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceHeldException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One engine's claim to a GPU: two slots of a cluster must not share one by accident, where each
 * would run at half its speed and size its KV cache from what the other left. A lock on a file in
 * the temporary folder, which the operating system drops when the process ends.
 */
final class DeviceLock implements AutoCloseable {
  private final FileChannel channel;

  private DeviceLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @param uuid of the device
   * @throws DeviceHeldException if another engine holds it
   */
  static DeviceLock take(int ordinal, String uuid) {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "nightshift-gpu-" + uuid + ".lock");
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new DeviceException("GPU " + ordinal + ": cannot write its lock file " + file, e);
    }
    try {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return new DeviceLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new DeviceException("GPU " + ordinal + ": cannot lock " + file, e);
    }
    throw new DeviceHeldException(
        "GPU %s is held by another engine (lock file %s); give each task slot a GPU of its own with CUDA_VISIBLE_DEVICES, or use one slot a TaskManager"
            .formatted(ordinal, file));
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DeviceException("A GPU's lock file cannot be closed", e);
    }
  }
}
