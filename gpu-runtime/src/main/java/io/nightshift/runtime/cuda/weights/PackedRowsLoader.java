package io.nightshift.runtime.cuda.weights;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.cuda.kernels.UnpackKernels;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
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
  private final UnpackKernels kernels;
  private final PinnedBuffers buffers;
  private final ForkJoinPool readers;

  PackedRowsLoader(
      CudaStream stream, UnpackKernels kernels, PinnedBuffers buffers, ForkJoinPool readers) {
    this.stream = stream;
    this.kernels = kernels;
    this.buffers = buffers;
    this.readers = readers;
  }

  /**
   * Loads rows of a tensor, which stay packed.
   *
   * @param target of as many rows, with row scales
   * @return whether the scale of a row is not 1
   */
  boolean load(QuantizedTensor tensor, int firstRow, PackedMatrix target) {
    PackedSections most =
        PackedSections.fitting(tensor.quantization(), tensor.columns(), target.rows());
    boolean scaled = false;
    for (int done = 0; done < target.rows(); done += most.count()) {
      PackedSections rows = most.withCount((int) Math.min(most.count(), target.rows() - done));
      PinnedBuffers.Buffer buffer = buffers.next();
      scaled |= pack(tensor, firstRow + done, rows, buffer.host().buffer());
      copy(buffer.host(), rows, target.rows(done, rows.count()));
      buffers.release(buffer);
    }
    return scaled;
  }

  private void copy(PinnedMemory host, PackedSections rows, PackedMatrix target) {
    stream.copyToDevice(host, target.codes().address(), target.codes().bytes());
    stream.copyToDevice(host, rows.scalesAt(), target.scales().address(), target.scales().bytes());
    DeviceMatrix offsets = target.offsets();
    if (offsets != null) {
      stream.copyToDevice(host, rows.offsetsAt(), offsets.address(), offsets.bytes());
    }
    long rowScales = requireNonNull(target.rowScales()).address();
    stream.copyToDevice(host, rows.rowScalesAt(), rowScales, (long) rows.count() * Float.BYTES);
  }

  /**
   * Loads rows of a tensor and unpacks them.
   *
   * @param target bf16, of as many rows
   */
  void widen(QuantizedTensor tensor, int firstRow, DeviceMatrix target) {
    PackedSections most =
        PackedSections.fitting(tensor.quantization(), tensor.columns(), target.rows());
    for (int done = 0; done < target.rows(); done += most.count()) {
      PackedSections rows = most.withCount((int) Math.min(most.count(), target.rows() - done));
      PinnedBuffers.Buffer buffer = buffers.next();
      ByteBuffer host = buffer.host().buffer();
      pack(tensor, firstRow + done, rows, host);
      if (tensor.quantization().groups() instanceof ColumnGroups.Listed listed) {
        at(host, rows.columnGroupsAt()).asIntBuffer().put(listed.ofColumn());
      }
      stream.copyToDevice(buffer.host(), buffer.device().address(), rows.bytes());
      kernels.unpack(rows.matrix(buffer.device().address()), target.rows(done, rows.count()));
      buffers.release(buffer);
    }
  }

  /** Packs rows into a buffer; returns whether the scale of a row is not 1. */
  private boolean pack(QuantizedTensor tensor, int firstRow, PackedSections rows, ByteBuffer host) {
    int parts = (rows.count() + ROWS_OF_PART - 1) / ROWS_OF_PART;
    int scaled =
        readers
            .submit(
                () ->
                    IntStream.range(0, parts)
                        .parallel()
                        .map(part -> packPart(tensor, firstRow, part * ROWS_OF_PART, rows, host))
                        .sum())
            .join();
    return scaled > 0;
  }

  /** Packs some rows; returns how many have a scale that is not 1. */
  private static int packPart(
      QuantizedTensor tensor, int firstRow, int from, PackedSections rows, ByteBuffer host) {
    RowPacker packer = new RowPacker(tensor);
    ByteBuffer codes = at(host, (long) from * rows.codeBytes());
    ByteBuffer scales = at(host, rows.scalesAt() + (long) from * rows.groupBytes());
    ByteBuffer offsets = at(host, rows.offsetsAt() + (long) from * rows.groupBytes());
    ByteBuffer rowScales = at(host, rows.rowScalesAt() + (long) from * Float.BYTES);
    int scaled = 0;
    for (int row = from; row < Math.min(rows.count(), from + ROWS_OF_PART); row++) {
      scaled += packer.pack(firstRow + row, codes, scales, offsets, rowScales) ? 1 : 0;
    }
    return scaled;
  }

  private static ByteBuffer at(ByteBuffer buffer, long position) {
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(Math.toIntExact(position));
  }
}
