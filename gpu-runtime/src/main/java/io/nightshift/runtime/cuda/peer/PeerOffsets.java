package io.nightshift.runtime.cuda.peer;

import io.nightshift.runtime.cuda.device.DeviceVector;
import java.util.List;

/**
 * An allocation of each rank, all laid out alike: bytes from this rank's to that of each.
 *
 * @param bytes by rank; 0 for this one
 * @param onDevice the same for kernels, i64 {@code [ranks]}
 */
public record PeerOffsets(List<Long> bytes, DeviceVector onDevice) {
  public PeerOffsets {
    bytes = List.copyOf(bytes);
  }
}
