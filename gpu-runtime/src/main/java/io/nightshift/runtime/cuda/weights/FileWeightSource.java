package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.DequantizeKernels;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.cuda.kernels.UnpackKernels;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.QuantizedTensor;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Weights of model files: read into pinned memory by several threads, copied as they are stored,
 * and decoded on the device, unless they stay packed.
 */
final class FileWeightSource implements WeightSource {
  /** Rows that one thread reads at a time: enough to outweigh the cost of handing them to it. */
  private static final int READ_ROWS = 64;

  private final ModelFiles files;
  private final CudaStream stream;
  private final DequantizeKernels kernels;
  private final PinnedBuffers buffers;
  private final PackedRowsLoader packed;

  /** Threads on the processors of this engine; those of the common pool may be on any. */
  private final ForkJoinPool readers = new ForkJoinPool();

  FileWeightSource(ModelFiles files, CudaStream stream, KernelLibrary library) {
    this.files = files;
    this.stream = stream;
    kernels = new DequantizeKernels(library, stream);
    buffers = new PinnedBuffers(stream);
    packed = new PackedRowsLoader(stream, new UnpackKernels(library, stream), buffers, readers);
  }

  @Override
  public TensorEncodings encodings() {
    return TensorEncodings.of(files);
  }

  @Override
  public boolean packedRows(List<TensorRows> rows, PackedMatrix target) {
    boolean scaled = false;
    int done = 0;
    for (TensorRows part : rows) {
      QuantizedTensor tensor = (QuantizedTensor) files.tensor(part.tensor());
      scaled |= packed.load(tensor, part.first(), target.rows(done, part.count()));
      done += part.count();
    }
    return scaled;
  }

  @Override
  public void rows(List<TensorRows> rows, DeviceMatrix target) {
    List<Segment> filled = new ArrayList<>();
    long used = 0;
    int targetRow = 0;
    for (TensorRows part : rows) {
      Tensor tensor = files.tensor(part.tensor());
      if (tensor instanceof QuantizedTensor quantized && tensor.type() == TensorType.F32) {
        // Its raw rows are widened ones.
        packed.widen(quantized, part.first(), target.rows(targetRow, part.count()));
        targetRow += part.count();
        continue;
      }
      int rowBytes = Math.toIntExact(tensor.type().bytes(target.columns()));
      if (rowBytes > PinnedBuffers.BYTES) {
        throw new IllegalArgumentException(part.tensor() + " has rows of " + rowBytes + " bytes");
      }
      for (int done = 0; done < part.count(); ) {
        int fitting = (int) Math.max(0, (PinnedBuffers.BYTES - used) / rowBytes);
        if (fitting == 0) {
          load(filled, target);
          filled.clear();
          used = 0;
          continue;
        }
        int count = Math.min(fitting, part.count() - done);
        filled.add(
            new Segment(tensor, rowBytes, part.first() + done, count, (int) used, targetRow));
        used = DeviceMemory.aligned(used + (long) count * rowBytes);
        targetRow += count;
        done += count;
      }
    }
    load(filled, target);
  }

  /** Reads, copies and decodes what is in one buffer. */
  private void load(List<Segment> segments, DeviceMatrix target) {
    if (segments.isEmpty()) {
      return;
    }
    PinnedBuffers.Buffer buffer = buffers.next();
    List<Segment> parts = segments.stream().flatMap(Segment::parts).toList();
    readers.submit(() -> parts.parallelStream().forEach(part -> part.read(buffer.host()))).join();
    Segment last = segments.get(segments.size() - 1);
    long address = buffer.device().address();
    stream.copyToDevice(buffer.host(), address, last.offset() + last.bytes());
    for (Segment segment : segments) {
      kernels.dequantize(
          segment.tensor().type(),
          new DeviceVector(address + segment.offset(), segment.bytes(), DeviceElementType.UINT8),
          target.rows(segment.targetRow(), segment.count()));
    }
    buffers.release(buffer);
  }

  /**
   * Rows of a tensor in a buffer.
   *
   * @param offset the first byte in the buffer
   */
  private record Segment(
      Tensor tensor, int rowBytes, int firstRow, int count, int offset, int targetRow) {

    long bytes() {
      return (long) count * rowBytes;
    }

    /** Parts for a thread each. */
    Stream<Segment> parts() {
      return IntStream.range(0, (count + READ_ROWS - 1) / READ_ROWS)
          .map(part -> part * READ_ROWS)
          .mapToObj(
              row ->
                  new Segment(
                      tensor,
                      rowBytes,
                      firstRow + row,
                      Math.min(READ_ROWS, count - row),
                      offset + row * rowBytes,
                      targetRow + row));
    }

    void read(PinnedMemory target) {
      ByteBuffer buffer = target.buffer();
      for (int row = 0; row < count; row++) {
        buffer.position(offset + row * rowBytes);
        buffer.put(tensor.rawRow(firstRow + row));
      }
    }
  }

  @Override
  public float[] vector(String name, int count) {
    float[] elements = new float[count];
    files.tensor(name).readRows(0, 1, elements, 0);
    return elements;
  }

  @Override
  public void close() {
    readers.shutdown();
    stream.synchronize();
    buffers.close();
  }
}
