package io.nightshift.runtime.cpu.onednn;

import io.nightshift.runtime.runner.DeviceException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A block of native memory, zeroed and aligned for vector loads. Addresses within it are plain
 * numbers, which nothing checks. They must not be used after the block is closed.
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
   * Allocates {@code bytes} zero bytes. Blocks of several megabytes are aligned for huge pages,
   * which save GEMMs most of their TLB misses.
   *
   * @param purpose what the memory is for; part of the error message
   * @throws DeviceException if the operating system refuses the allocation
   */
  public static NativeMemory allocate(long bytes, String purpose) {
    long alignment = bytes >= 2 * HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
    Pointer block = Pointer.calloc(bytes + alignment, 1);
    if (block == null || block.isNull()) {
      throw new DeviceException(
          "The operating system refused to allocate " + bytes + " bytes of memory for " + purpose);
    }
    long address = (block.address() + alignment - 1) / alignment * alignment;
    if (alignment == HUGE_PAGE) {
      SystemLibraries.adviseHugePages(address, bytes / HUGE_PAGE * HUGE_PAGE);
    }
    ALLOCATED.addAndGet(bytes);
    return new NativeMemory(block, address, bytes);
  }

  /** Bytes of all blocks in the process that are not closed yet. */
  public static long allocatedBytes() {
    return ALLOCATED.get();
  }

  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /** The first {@code count} floats of the block, as a buffer over the same memory. */
  public FloatBuffer floats(int count) {
    if (count < 0 || (long) count * Float.BYTES > bytes) {
      throw new IndexOutOfBoundsException(count + " floats of a block of " + bytes + " bytes");
    }
    return new FloatPointer(new NativeAddress().at(address)).capacity(count).asBuffer();
  }

  /**
   * {@code count} floats of the block from index {@code first}, as a buffer over the same memory.
   */
  public FloatBuffer floats(long first, int count) {
    Objects.checkFromIndexSize(first, count, bytes / Float.BYTES);
    return new FloatPointer(new NativeAddress().at(address + first * Float.BYTES))
        .capacity(count)
        .asBuffer();
  }

  /** {@code count} bytes of the block from byte {@code first}, as a buffer over the same memory. */
  public ByteBuffer bytes(long first, int count) {
    Objects.checkFromIndexSize(first, count, bytes);
    return new BytePointer(new NativeAddress().at(address + first)).capacity(count).asBuffer();
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
