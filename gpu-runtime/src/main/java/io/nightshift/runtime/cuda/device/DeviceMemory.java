package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.runner.DeviceException;
import java.util.Objects;
import org.bytedeco.cuda.global.cudart;

/** An allocation of device memory, which is divided into aligned pieces from its start. */
public final class DeviceMemory implements AutoCloseable {
  /** Alignment of every piece in bytes, as the widest loads and cuBLASLt's kernels require it. */
  public static final int ALIGNMENT = 256;

  private final String purpose;
  private final long address;
  private final long bytes;
  private long used;

  /**
   * @param purpose what the memory is for, in messages: {@code "the weights"}
   * @throws DeviceException if the device has too little free memory
   */
  public DeviceMemory(CudaDevice device, String purpose, long bytes) {
    this.purpose = purpose;
    this.bytes = bytes;
    long[] result = new long[1];
    int status = cudart.cuMemAlloc(result, Math.max(bytes, ALIGNMENT));
    if (status == cudart.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new DeviceException(
          "%s: %s need %s, but %s are free"
              .formatted(
                  device, purpose, ByteCount.text(bytes), ByteCount.text(device.freeMemory())));
    }
    CudaCalls.check(status, device, "cuMemAlloc(" + bytes + " bytes for " + purpose + ")");
    address = result[0];
  }

  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /** Bytes that a piece of {@code bytes} takes, with the gap before the next one. */
  public static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /**
   * Takes the next piece.
   *
   * @return its address
   */
  public long take(long pieceBytes) {
    Objects.checkFromIndexSize(used, pieceBytes, bytes);
    long piece = address + used;
    used = Math.min(bytes, used + aligned(pieceBytes));
    return piece;
  }

  /** Takes the next piece, for a matrix. */
  public DeviceMatrix takeMatrix(long rows, int columns, DeviceElementType type) {
    return new DeviceMatrix(take(rows * columns * type.bytes()), rows, columns, type);
  }

  /** Takes the next piece, for a vector. */
  public DeviceVector takeVector(long length, DeviceElementType type) {
    return new DeviceVector(take(length * type.bytes()), length, type);
  }

  @Override
  public String toString() {
    return purpose + " (" + ByteCount.text(bytes) + ')';
  }

  @Override
  public void close() {
    cudart.cuMemFree(address);
  }
}
