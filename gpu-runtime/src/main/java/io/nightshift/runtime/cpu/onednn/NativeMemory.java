package io.nightshift.runtime.cpu.onednn;

import io.nightshift.runtime.runner.DeviceException;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A block of native memory, zeroed, aligned for vector loads. Addresses into it are plain numbers:
 * nothing checks them, and nothing may use them once the block is closed.
 */
public final class NativeMemory implements AutoCloseable {
  private static final long CACHE_LINE = 64;
  private static final long HUGE_PAGE = 2L << 20;
  private static final AtomicLong ALLOCATED = new AtomicLong();

  private final Pointer block;
  private final long address;
  private final long bytes;
  private boolean closed;

  private NativeMemory(Pointer block, long address, long bytes) {
    this.block = block;
    this.address = address;
    this.bytes = bytes;
  }

  /**
   * Allocates {@code bytes} zero bytes. Blocks of several megabytes are laid out for the kernel's
   * huge pages, which spare the matrix products most of their address translation misses.
   *
   * @param purpose what the memory is for, named in the error
   * @throws DeviceException if the operating system has no more memory
   */
  public static NativeMemory allocate(long bytes, String purpose) {
    long alignment = bytes >= 2 * HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
    Pointer block = Pointer.calloc(bytes + alignment, 1);
    if (block == null || block.isNull()) {
      throw new DeviceException(
          "The operating system gave no " + bytes + " bytes of memory for " + purpose);
    }
    long address = (block.address() + alignment - 1) / alignment * alignment;
    if (alignment == HUGE_PAGE) {
      SystemLibraries.adviseHugePages(address, bytes / HUGE_PAGE * HUGE_PAGE);
    }
    ALLOCATED.addAndGet(bytes);
    return new NativeMemory(block, address, bytes);
  }

  /** Bytes of all blocks that are allocated and not closed, in the whole process. */
  public static long allocatedBytes() {
    return ALLOCATED.get();
  }

  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /** The block's first {@code count} floats as a buffer over the same memory. */
  public FloatBuffer floats(int count) {
    if (count < 0 || (long) count * Float.BYTES > bytes) {
      throw new IndexOutOfBoundsException(count + " floats of a block of " + bytes + " bytes");
    }
    return new FloatPointer(new NativeAddress().at(address)).capacity(count).asBuffer();
  }

  /** {@code count} floats from the {@code first} on, as a buffer over the same memory. */
  public FloatBuffer floats(long first, int count) {
    Objects.checkFromIndexSize(first, count, bytes / Float.BYTES);
    return new FloatPointer(new NativeAddress().at(address + first * Float.BYTES))
        .capacity(count)
        .asBuffer();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Pointer.free(block);
      ALLOCATED.addAndGet(-bytes);
    }
  }
}
