package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/** A GPU, memory on it, and kernels that run to their ends: what a kernel's test needs. */
final class DeviceKernels implements AutoCloseable {
  private static final int BYTES = 64 << 20;

  private final CudaDevice device = CudaDevice.open(0);
  private final CudaStream stream = new CudaStream(device);
  private final DeviceMemory memory;
  private final PinnedMemory staging;
  private final KernelArguments arguments = new KernelArguments();
  private final KernelLibrary library;

  DeviceKernels(Path cacheFolder) {
    this(cacheFolder, BYTES);
  }

  /**
   * @param bytes size of the device memory, and maximum size of what is copied at a time
   */
  DeviceKernels(Path cacheFolder, int bytes) {
    memory = new DeviceMemory(device, "a kernel's test", bytes);
    staging = new PinnedMemory(device, bytes);
    library = new KernelLibrary(device, cacheFolder);
  }

  KernelLibrary library() {
    return library;
  }

  CudaStream stream() {
    return stream;
  }

  boolean isHopper() {
    return device.computeCapability() == 90;
  }

  /** Device memory of which every byte is 0xFF: NaN in every type of floating-point number. */
  long poisoned(long bytes) {
    long address = memory.take(bytes);
    stream.fill(address, 0xFF, bytes);
    return address;
  }

  long ints(int... values) {
    ByteBuffer bytes = buffer(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return upload(bytes);
  }

  long floats(float... values) {
    ByteBuffer bytes = buffer(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return upload(bytes);
  }

  /** Rounded to bf16; {@link Bf16#round} says how. */
  long bf16(float... values) {
    ByteBuffer bytes = buffer(values.length * Short.BYTES);
    for (float value : values) {
      bytes.putShort((short) (Float.floatToRawIntBits(Bf16.round(value)) >>> 16));
    }
    return upload(bytes.rewind());
  }

  long bytes(byte... values) {
    return upload(ByteBuffer.wrap(values));
  }

  long upload(ByteBuffer bytes) {
    long size = bytes.remaining();
    long address = memory.take(Math.max(size, 16));
    staging.buffer().clear().put(bytes);
    stream.copyToDevice(staging, address, size);
    stream.synchronize();
    return address;
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Those since {@link #begin()}. */
  KernelArguments arguments() {
    return arguments;
  }

  KernelArguments begin() {
    return arguments.begin();
  }

  /** Runs a kernel to its end, with the arguments since {@link #begin()}. */
  void run(String source, Map<String, Integer> definitions, KernelLaunch launch) {
    library
        .kernel(KernelSource.resource(source, definitions), launch.kernel())
        .launch(stream, launch, arguments);
    stream.synchronize();
  }

  float[] readBf16(long address, int count) {
    ByteBuffer bytes = read(address, count * Short.BYTES);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(bytes.getShort(i * Short.BYTES) << 16);
    }
    return values;
  }

  float[] readFloats(long address, int count) {
    float[] values = new float[count];
    read(address, count * Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  int[] readInts(long address, int count) {
    int[] values = new int[count];
    read(address, count * Integer.BYTES).asIntBuffer().get(values);
    return values;
  }

  byte[] readBytes(long address, int count) {
    byte[] values = new byte[count];
    read(address, count).get(values);
    return values;
  }

  private ByteBuffer read(long address, int bytes) {
    stream.copyToHost(address, staging, 0, bytes);
    stream.synchronize();
    return staging.buffer().duplicate().order(ByteOrder.LITTLE_ENDIAN).clear().limit(bytes);
  }

  @Override
  public void close() {
    library.close();
    arguments.close();
    staging.close();
    memory.close();
    stream.close();
    device.close();
  }
}
