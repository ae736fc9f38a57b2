package io.nightshift.runtime.cuda.weights;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.cuda.kernels.TileFormat;
import io.nightshift.runtime.cuda.kernels.TiledWeights;
import io.nightshift.runtime.cuda.kernels.UnpackKernels;
import io.nightshift.runtime.cuda.kernels.WeightTileKernels;
import io.nightshift.runtime.model.Quantization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Loads quantized rows into a row-major buffer, and from there into tiles. */
final class TiledRowsLoader {
  /** Size of the buffer. */
  private static final long BUFFER_BYTES = 64L << 20;

  private static final int SECTIONS = 4;

  private final WeightSource source;
  private final CudaStream stream;
  private final KernelLibrary library;
  private final UnpackKernels unpack;
  private final Map<TileFormat, WeightTileKernels> kernels = new HashMap<>();

  TiledRowsLoader(
      WeightSource source, CudaStream stream, KernelLibrary library, UnpackKernels unpack) {
    this.source = source;
    this.stream = stream;
    this.library = library;
    this.unpack = unpack;
  }

  /**
   * Loads rows, and waits for the stream.
   *
   * @param rows the rows, in whole tiles
   * @param scales e8m0 {@code [rows]}, which are computed if the weights are multiplied in e4m3;
   *     otherwise null
   */
  void load(
      List<TensorRows> rows,
      Quantization encoding,
      @Nullable DeviceVector scales,
      TiledWeights target) {
    PackedSections one = new PackedSections(encoding, target.inputs(), 1);
    long rowBytes = one.codeBytes() + 2L * one.groupBytes() + Float.BYTES;
    long fitting = BUFFER_BYTES / rowBytes / TileFormat.OUTPUTS * TileFormat.OUTPUTS;
    int chunk = (int) Math.min(target.outputs(), Math.max(TileFormat.OUTPUTS, fitting));
    try (DeviceMemory buffer =
        new DeviceMemory(
            stream.device(),
            "rows to store in tiles",
            chunk * rowBytes + SECTIONS * DeviceMemory.ALIGNMENT)) {
      PackedMatrix rowMajor = take(buffer, one, chunk);
      for (int done = 0; done < target.outputs(); done += chunk) {
        int count = Math.min(chunk, target.outputs() - done);
        load(
            TensorRows.slice(rows, done, count),
            rowMajor.rows(0, count),
            scales == null ? null : scales.slice(done, count),
            target.outputs(done, count));
      }
      stream.synchronize();
    }
  }

  private static PackedMatrix take(DeviceMemory buffer, PackedSections sizes, int rows) {
    Quantization encoding = sizes.encoding();
    int groups = encoding.groupCount(sizes.columns());
    return new PackedMatrix(
        encoding.codes(),
        sizes.columns(),
        encoding.groupSize(),
        buffer.takeMatrix(rows, sizes.codeBytes(), DeviceElementType.UINT8),
        buffer.takeMatrix(rows, groups, DeviceElementType.F16),
        encoding.hasOffsets() ? buffer.takeMatrix(rows, groups, DeviceElementType.F16) : null,
        buffer.takeVector(rows, DeviceElementType.F32),
        null);
  }

  private void load(
      List<TensorRows> rows,
      PackedMatrix rowMajor,
      @Nullable DeviceVector scales,
      TiledWeights target) {
    boolean scaled = source.packedRows(rows, rowMajor);
    PackedMatrix loaded = scaled ? rowMajor : rowMajor.withoutRowScales();
    if (scales != null) {
      unpack.channelScales(loaded, scales);
    }
    DeviceMatrix offsets = loaded.offsets();
    kernels
        .computeIfAbsent(target.format(), format -> new WeightTileKernels(library, stream, format))
        .tile(
            new WeightTileKernels.RowMajor(
                loaded.codes(), loaded.scales(), offsets, loaded.groupSize()),
            scaled ? requireNonNull(loaded.rowScales()) : null,
            scales,
            target);
  }
}
