package io.nightshift.runtime.cuda.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a launch, in the kernel's order: a pointer to each, since only the driver knows
 * their offsets (the compiler aligns some of them). One object serves any number of launches, one
 * after the other: the driver copies the values.
 */
public final class KernelArguments implements AutoCloseable {
  /** Maximum size of the parameters of a kernel. */
  private static final int MAX_BYTES = 4096;

  /** Each value begins at a multiple of this. */
  private static final int UNIT = Long.BYTES;

  private final BytePointer values = new BytePointer(MAX_BYTES);
  private final BytePointer pointers = new BytePointer(MAX_BYTES / UNIT * Long.BYTES);
  private final ByteBuffer valueBytes = values.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer pointerBytes = pointers.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  private final PointerPointer<Pointer> parameters = new PointerPointer<>(pointers);

  /** Starts the parameters of another launch. */
  public KernelArguments begin() {
    valueBytes.clear();
    pointerBytes.clear();
    return this;
  }

  /** A pointer to a buffer. An absent one, null here, is a null pointer in the kernel. */
  public KernelArguments buffer(@Nullable DeviceBuffer buffer) {
    return address(buffer == null ? 0 : buffer.address());
  }

  /** A pointer, or a 64-bit integer. */
  public KernelArguments address(long value) {
    add().putLong(value);
    return this;
  }

  /** A 32-bit integer. */
  public KernelArguments integer(int value) {
    add().putInt(value);
    return this;
  }

  /** A 32-bit floating-point number. */
  public KernelArguments real(float value) {
    add().putFloat(value);
    return this;
  }

  /** A struct of 32-bit integers, by value. */
  public KernelArguments integers(int[] values) {
    ByteBuffer target = add();
    target.asIntBuffer().put(values);
    target.position(target.position() + values.length * Integer.BYTES);
    return this;
  }

  /** The tensor map itself, not a pointer to it. */
  public KernelArguments tensorMap(TensorMap value) {
    value.putInto(add());
    return this;
  }

  private ByteBuffer add() {
    valueBytes.position((valueBytes.position() + UNIT - 1) / UNIT * UNIT);
    pointerBytes.putLong(values.address() + valueBytes.position());
    return valueBytes;
  }

  PointerPointer<Pointer> pointers() {
    return parameters;
  }

  @Override
  public void close() {
    values.close();
    pointers.close();
  }
}
