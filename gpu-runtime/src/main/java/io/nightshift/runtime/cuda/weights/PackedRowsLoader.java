package io.nightshift.runtime.cuda.weights;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.model.QuantizedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Loads rows of quantized tensors: several threads pack them into pinned memory, in the form that
 * they have on the device.
 */
final class PackedRowsLoader {
  /** Rows that one thread packs at a time. Some tensors read neighbouring rows at once. */
  private static final int ROWS_OF_PART = 64;

  private final CudaStream stream;
  private final PinnedBuffers buffers;
  private final ForkJoinPool readers;

  PackedRowsLoader(CudaStream stream, PinnedBuffers buffers, ForkJoinPool readers) {
    this.stream = stream;
    this.buffers = buffers;
    this.readers = readers;
  }

  /**
   * Loads rows of a tensor.
   *
   * @param target of as many rows
   * @return whether the scale of a row is not 1
   */
  boolean load(QuantizedTensor tensor, int firstRow, PackedMatrix target) {
    int fitting = (int) Math.min(target.rows(), Rows.fitting(target));
    boolean scaled = false;
    for (int done = 0; done < target.rows(); done += fitting) {
      int count = Math.toIntExact(Math.min(fitting, target.rows() - done));
      Rows rows = new Rows(target.rows(done, count), count);
      PinnedBuffers.Buffer buffer = buffers.next();
      scaled |= pack(tensor, firstRow + done, rows, buffer.host().buffer());
      rows.copy(stream, buffer);
      buffers.release(buffer);
    }
    return scaled;
  }

  private boolean pack(QuantizedTensor tensor, int firstRow, Rows rows, ByteBuffer buffer) {
    int parts = (rows.count() + ROWS_OF_PART - 1) / ROWS_OF_PART;
    int scaled =
        readers
            .submit(
                () ->
                    IntStream.range(0, parts)
                        .parallel()
                        .map(part -> packPart(tensor, firstRow, part * ROWS_OF_PART, rows, buffer))
                        .sum())
            .join();
    return scaled > 0;
  }

  /** Packs some rows; returns how many have a scale that is not 1. */
  private static int packPart(
      QuantizedTensor tensor, int firstRow, int from, Rows rows, ByteBuffer buffer) {
    RowPacker packer = new RowPacker(tensor);
    ByteBuffer codes = at(buffer, (long) from * rows.codeBytes());
    ByteBuffer scales = at(buffer, rows.scalesAt() + (long) from * rows.groupBytes());
    ByteBuffer offsets = at(buffer, rows.offsetsAt() + (long) from * rows.groupBytes());
    ByteBuffer rowScales = at(buffer, rows.rowScalesAt() + (long) from * Float.BYTES);
    int scaled = 0;
    for (int row = from; row < Math.min(rows.count(), from + ROWS_OF_PART); row++) {
      scaled += packer.pack(firstRow + row, codes, scales, offsets, rowScales) ? 1 : 0;
    }
    return scaled;
  }

  private static ByteBuffer at(ByteBuffer buffer, long position) {
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(Math.toIntExact(position));
  }

  /** Rows of a matrix in a buffer: codes, scales, offsets and row scales, one behind the other. */
  private record Rows(PackedMatrix target, int count) {

    /** Number of a matrix's rows that fit a buffer. */
    static long fitting(PackedMatrix matrix) {
      int groups = 2 * matrix.groups() * Short.BYTES;
      long rowBytes = matrix.codes().columns() + groups + Float.BYTES;
      long rows = (PinnedBuffers.BYTES - 4L * DeviceMemory.ALIGNMENT) / rowBytes;
      if (rows == 0) {
        throw new IllegalArgumentException("a quantized matrix has rows of " + rowBytes + " bytes");
      }
      return rows;
    }

    int codeBytes() {
      return target.codes().columns();
    }

    int groupBytes() {
      return target.groups() * Short.BYTES;
    }

    long scalesAt() {
      return DeviceMemory.aligned((long) count * codeBytes());
    }

    long offsetsAt() {
      return scalesAt() + DeviceMemory.aligned((long) count * groupBytes());
    }

    long rowScalesAt() {
      return offsetsAt() + DeviceMemory.aligned((long) count * groupBytes());
    }

    void copy(CudaStream stream, PinnedBuffers.Buffer buffer) {
      stream.copyToDevice(buffer.host(), target.codes().address(), target.codes().bytes());
      stream.copyToDevice(
          buffer.host(), scalesAt(), target.scales().address(), target.scales().bytes());
      if (target.offsets() != null) {
        stream.copyToDevice(
            buffer.host(), offsetsAt(), target.offsets().address(), target.offsets().bytes());
      }
      long rowScales = requireNonNull(target.rowScales()).address();
      stream.copyToDevice(buffer.host(), rowScalesAt(), rowScales, (long) count * Float.BYTES);
    }
  }
}
