package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.KernelLaunch;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Weights of model files: read into pinned memory by several threads, copied as they are stored,
 * and decoded on the device. While one buffer is copied and decoded, the next is read.
 */
final class FileWeightSource implements WeightSource {
  private static final int BUFFERS = 3;
  private static final int BUFFER_BYTES = 32 << 20;

  /** Rows that one thread reads at a time: large enough that threads are not the cost. */
  private static final int READ_ROWS = 64;

  private static final int THREADS = 256;

  private final ModelFiles files;
  private final CudaStream stream;
  private final KernelLibrary kernels;
  private final KernelArguments arguments = new KernelArguments();
  private final Map<TensorType, CudaKernel> decoders = new EnumMap<>(TensorType.class);
  private final List<Buffer> buffers = new ArrayList<>();
  private int next;

  private record Buffer(PinnedMemory host, DeviceMemory device, CudaEvent free) {}

  FileWeightSource(ModelFiles files, CudaStream stream, KernelLibrary kernels) {
    this.files = files;
    this.stream = stream;
    this.kernels = kernels;
    CudaDevice device = stream.device();
    for (int i = 0; i < BUFFERS; i++) {
      buffers.add(
          new Buffer(
              new PinnedMemory(device, BUFFER_BYTES),
              new DeviceMemory(device, "buffers for loading weights", BUFFER_BYTES),
              new CudaEvent(device)));
    }
  }

  @Override
  public void rows(String name, int columns, int firstRow, int count, long target) {
    Tensor tensor = files.tensor(name);
    int rowBytes = Math.toIntExact(tensor.type().bytes(columns));
    int chunk = BUFFER_BYTES / rowBytes;
    if (chunk == 0) {
      throw new IllegalArgumentException(name + " has rows of " + rowBytes + " bytes");
    }
    for (int done = 0; done < count; done += chunk) {
      int rows = Math.min(chunk, count - done);
      Buffer buffer = buffers.get(next);
      next = (next + 1) % BUFFERS;
      buffer.free().synchronize();
      read(tensor, rowBytes, firstRow + done, rows, buffer.host());
      stream.copyToDevice(buffer.host(), buffer.device().address(), (long) rows * rowBytes);
      decode(
          tensor.type(),
          buffer.device().address(),
          target + (long) done * columns * Short.BYTES,
          rows,
          columns);
      buffer.free().record(stream);
    }
  }

  private static void read(
      Tensor tensor, int rowBytes, int firstRow, int count, PinnedMemory target) {
    IntStream.range(0, (count + READ_ROWS - 1) / READ_ROWS)
        .parallel()
        .forEach(
            part -> {
              ByteBuffer buffer = target.buffer();
              int end = Math.min(count, (part + 1) * READ_ROWS);
              for (int row = part * READ_ROWS; row < end; row++) {
                buffer.position(row * rowBytes);
                buffer.put(tensor.rawRow(firstRow + row));
              }
            });
  }

  private void decode(TensorType type, long source, long target, int rows, int columns) {
    CudaKernel kernel =
        decoders.computeIfAbsent(
            type,
            missing ->
                kernels.kernel(KernelSource.resource("dequantize", Map.of()), kernelName(missing)));
    long items = (long) rows * ((columns + 7) / 8);
    KernelLaunch launch =
        KernelLaunch.of(
            kernelName(type), Math.toIntExact((items + THREADS - 1) / THREADS), THREADS);
    int rowsAreInOrder = 0;
    kernel.launch(
        stream,
        launch,
        arguments
            .begin()
            .address(source)
            .address(target)
            .integer(rows)
            .integer(columns)
            .integer(rowsAreInOrder));
  }

  private static String kernelName(TensorType type) {
    return "dequantize_" + type.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public float[] vector(String name, int count) {
    float[] elements = new float[count];
    files.tensor(name).readRows(0, 1, elements, 0);
    return elements;
  }

  @Override
  public void close() {
    stream.synchronize();
    for (Buffer buffer : buffers) {
      buffer.host().close();
      buffer.device().close();
      buffer.free().close();
    }
    arguments.close();
  }
}
