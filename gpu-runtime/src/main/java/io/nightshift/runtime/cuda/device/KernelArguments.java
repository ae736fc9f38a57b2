package io.nightshift.runtime.cuda.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The parameters of a launch, packed as the compiler lays them out: each at a multiple of its size.
 * One object serves any number of launches, one after the other: the driver copies what it holds.
 */
public final class KernelArguments implements AutoCloseable {
  /** The most that CUDA takes. */
  private static final int MAX_BYTES = 4096;

  /** The driver's marks, which are casts of small numbers to pointers. */
  private static final long BUFFER_POINTER = 1;

  private static final long BUFFER_SIZE = 2;

  private final BytePointer memory = new BytePointer(MAX_BYTES);
  private final LongPointer size = new LongPointer(1);
  private final ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  private final PointerPointer<Pointer> extra = new PointerPointer<>(5);

  public KernelArguments() {
    extra.put(0, new DeviceAddress(BUFFER_POINTER));
    extra.put(1, memory);
    extra.put(2, new DeviceAddress(BUFFER_SIZE));
    extra.put(3, size);
    extra.put(4, null);
  }

  /** Begins the parameters of another launch. */
  public KernelArguments begin() {
    bytes.clear();
    return this;
  }

  /** A pointer, or a 64-bit integer. */
  public KernelArguments address(long value) {
    align(Long.BYTES);
    bytes.putLong(value);
    return this;
  }

  /** A 32-bit integer. */
  public KernelArguments integer(int value) {
    align(Integer.BYTES);
    bytes.putInt(value);
    return this;
  }

  /** A 32-bit floating-point number. */
  public KernelArguments real(float value) {
    align(Float.BYTES);
    bytes.putFloat(value);
    return this;
  }

  private void align(int unit) {
    bytes.position((bytes.position() + unit - 1) / unit * unit);
  }

  PointerPointer<Pointer> finish() {
    size.put(bytes.position());
    return extra;
  }

  @Override
  public void close() {
    memory.close();
    size.close();
    extra.close();
  }
}
