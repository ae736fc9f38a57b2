package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.DequantizeKernels;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weights of model files: read into pinned memory by several threads, copied as they are stored,
 * and decoded on the device. While one buffer is copied and decoded, the next is read.
 */
final class FileWeightSource implements WeightSource {
  private static final int BUFFERS = 3;
  private static final int BUFFER_BYTES = 32 << 20;

  /** Rows that one thread reads at a time: enough to outweigh the cost of handing them to it. */
  private static final int READ_ROWS = 64;

  private final ModelFiles files;
  private final CudaStream stream;
  private final DequantizeKernels kernels;
  private final List<Buffer> buffers = new ArrayList<>();
  private int next;

  private record Buffer(PinnedMemory host, DeviceMemory device, CudaEvent free) {}

  FileWeightSource(ModelFiles files, CudaStream stream, KernelLibrary library) {
    this.files = files;
    this.stream = stream;
    kernels = new DequantizeKernels(library, stream);
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
  public void rows(String name, int firstRow, DeviceMatrix target) {
    Tensor tensor = files.tensor(name);
    int rowBytes = Math.toIntExact(tensor.type().bytes(target.columns()));
    int chunk = BUFFER_BYTES / rowBytes;
    if (chunk == 0) {
      throw new IllegalArgumentException(name + " has rows of " + rowBytes + " bytes");
    }
    int count = target.rowCount();
    for (int done = 0; done < count; done += chunk) {
      int rows = Math.min(chunk, count - done);
      Buffer buffer = buffers.get(next);
      next = (next + 1) % BUFFERS;
      buffer.free().synchronize();
      read(tensor, rowBytes, firstRow + done, rows, buffer.host());
      DeviceVector encoded =
          new DeviceVector(
              buffer.device().address(), (long) rows * rowBytes, DeviceElementType.UINT8);
      stream.copyToDevice(buffer.host(), encoded.address(), encoded.bytes());
      kernels.dequantize(tensor.type(), encoded, target.rows(done, rows));
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
  }
}
