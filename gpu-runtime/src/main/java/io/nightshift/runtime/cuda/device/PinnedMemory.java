package io.nightshift.runtime.cuda.device;

import static io.nightshift.runtime.cuda.device.CudaCalls.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Page-locked host memory, which the device copies from and to directly. At most 2 GiB. */
public final class PinnedMemory implements AutoCloseable {
  private final BytePointer memory;
  private final ByteBuffer buffer;

  public PinnedMemory(CudaDevice device, int bytes) {
    Pointer allocated = new Pointer();
    check(
        cudart.cuMemHostAlloc(allocated, Math.max(1, bytes), 0),
        device,
        "cuMemHostAlloc(" + bytes + " bytes)");
    memory = new BytePointer(allocated).capacity(bytes);
    buffer = memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The memory, as a buffer with a separate position. */
  public ByteBuffer buffer() {
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The address, which kernels can use too (unified addressing). */
  public long address() {
    return memory.address();
  }

  public int bytes() {
    return buffer.capacity();
  }

  Pointer at(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, buffer.capacity());
    return new DeviceAddress(memory.address() + offset);
  }

  @Override
  public void close() {
    cudart.cuMemFreeHost(memory);
  }
}
