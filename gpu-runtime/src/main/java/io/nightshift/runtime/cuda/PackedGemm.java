package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.PackedGemmMethod.Fused;
import io.nightshift.runtime.cuda.PackedGemmMethod.Unpacked;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmTimer;
import io.nightshift.runtime.cuda.kernels.TileFormat;
import io.nightshift.runtime.cuda.kernels.UnpackKernels;
import io.nightshift.runtime.cuda.kernels.WeightTileKernels;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.WeightRows;
import io.nightshift.runtime.model.CodeType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * GEMMs of packed weights. They are unpacked to a matrix that all layers use in turn, and read from
 * there by cuBLASLt; or, if they are in tiles and that is faster, multiplied as they are packed.
 * Unpacking reads and writes the weights once; a GEMM of thousands of rows takes a hundred times as
 * long, one of a few rows less than that.
 */
final class PackedGemm implements AutoCloseable {
  private static final int ROUNDS = 5;

  private final KernelLibrary library;
  private final CudaStream stream;
  private final GemmLibrary gemms;
  private final UnpackKernels kernels;
  private final Map<TileFormat, WeightTileKernels> tileKernels = new HashMap<>();
  private final DeviceMemory unpacked;
  private final @Nullable TiledGemm tiled;
  private final Map<List<PartShape>, Double> times = new HashMap<>();

  /** What the time of unpacking some rows depends on; no code type for dense ones. */
  private record PartShape(
      @Nullable CodeType codes, boolean tiled, long rows, int columns, int groups) {}

  /**
   * @param weights the weights of a model, of which some may be packed
   * @param cacheFolder for choices
   */
  PackedGemm(
      KernelLibrary library,
      CudaStream stream,
      GemmLibrary gemms,
      DeviceWeights weights,
      Path cacheFolder) {
    this.library = library;
    this.stream = stream;
    this.gemms = gemms;
    kernels = new UnpackKernels(library, stream);
    unpacked = new DeviceMemory(stream.device(), "unpacked weights", weights.unpackedBytes());
    tiled =
        weights.hasTiles() ? new TiledGemm(library, stream, cacheFolder, gemms.version()) : null;
  }

  /** The layer with its weights where {@link #unpack} leaves them. */
  DeviceLinear unpacked(DeviceLinear linear) {
    if (linear.denseBytes() > unpacked.bytes()) {
      throw new IllegalArgumentException(
          "weights of [%s, %s] do not fit %s"
              .formatted(linear.outputs(), linear.inputs(), unpacked));
    }
    return DeviceLinear.dense(
        new DeviceMatrix(
            unpacked.address(), linear.outputs(), linear.inputs(), linear.type().inputType()),
        linear.scales(),
        linear.type());
  }

  /**
   * Enqueues the unpacking of a layer's weights.
   *
   * @return the layer with dense weights, valid until others are unpacked
   */
  DeviceLinear unpack(DeviceLinear linear) {
    DeviceLinear dense = unpacked(linear);
    long row = 0;
    for (WeightRows part : linear.parts()) {
      DeviceMatrix target = dense.weights().rows(row, part.count());
      DeviceVector scales = linear.scales();
      unpack(part, scales == null ? null : scales.slice(row, part.count()), target);
      row += part.count();
    }
    return dense;
  }

  private void unpack(WeightRows part, @Nullable DeviceVector scales, DeviceMatrix target) {
    if (part instanceof WeightRows.Dense own) {
      stream.copy(own.matrix().address(), target.address(), target.bytes());
    } else if (part instanceof WeightRows.Tiled tiles) {
      tileKernels
          .computeIfAbsent(
              tiles.weights().format(), format -> new WeightTileKernels(library, stream, format))
          .untile(tiles.weights(), target);
    } else if (part instanceof WeightRows.Packed packed) {
      if (scales == null) {
        kernels.unpack(packed.matrix(), target);
      } else {
        kernels.unpack(packed.matrix(), scales, target);
      }
    }
  }

  /** Enqueues a GEMM; its shape must be prepared. */
  void run(LayerGemm gemm, int rows) {
    run(method(gemm.linear(), rows), gemm, rows);
  }

  /**
   * Enqueues a GEMM, computed in one way. If weights are to be unpacked, its shape must be
   * prepared.
   */
  void run(PackedGemmMethod method, LayerGemm gemm, int rows) {
    if (method instanceof Fused fused) {
      requireNonNull(tiled).run(fused.tile(), gemm, rows);
    } else {
      gemms.multiply(stream, gemm.shape(rows), gemm.with(unpack(gemm.linear())).operands());
    }
  }

  /** How so many rows are computed; that must be prepared. */
  PackedGemmMethod method(DeviceLinear linear, int rows) {
    return linear.isTiled() ? requireNonNull(tiled).method(linear, rows) : new Unpacked();
  }

  /**
   * Times the unpacking of weights, and chooses how to compute numbers of rows, unless these are
   * known. Waits for the stream.
   *
   * @param same GEMMs of one shape, which is prepared, with packed weights of different layers
   * @param rowCounts rounded
   */
  void prepare(List<LayerGemm> same, List<Integer> rowCounts) {
    Map<List<PartShape>, List<LayerGemm>> byShapes =
        same.stream()
            .collect(
                Collectors.groupingBy(
                    gemm -> shapes(gemm.linear()), LinkedHashMap::new, Collectors.toList()));
    byShapes.forEach(
        (shapes, equal) -> {
          LayerGemm first = equal.get(0);
          times.computeIfAbsent(shapes, unknown -> measure(first.linear()));
          if (first.linear().isTiled()) {
            requireNonNull(tiled).prepare(equal, rowCounts, rows -> unpackedSeconds(first, rows));
          }
        });
  }

  private double measure(DeviceLinear linear) {
    unpack(linear); // Loads the code, which is not to be timed.
    try (CudaGraph graph = stream.capture(() -> unpack(linear))) {
      return GemmTimer.medianSeconds(stream, List.of(graph), ROUNDS)[0];
    }
  }

  /** Seconds of a GEMM that is prepared. */
  double seconds(LayerGemm gemm, int rows) {
    return method(gemm.linear(), rows) instanceof Fused fused
        ? fused.nanoseconds() * 1e-9
        : unpackedSeconds(gemm, rows);
  }

  private double unpackedSeconds(LayerGemm gemm, int rows) {
    return requireNonNull(times.get(shapes(gemm.linear()))) + gemms.seconds(gemm.shape(rows));
  }

  private static List<PartShape> shapes(DeviceLinear linear) {
    return linear.parts().stream().map(PackedGemm::shape).toList();
  }

  private static PartShape shape(WeightRows part) {
    if (part instanceof WeightRows.Packed packed) {
      return new PartShape(
          packed.matrix().codeType(),
          false,
          part.count(),
          part.columns(),
          packed.matrix().groups());
    }
    if (part instanceof WeightRows.Tiled tiles) {
      TileFormat format = tiles.weights().format();
      return new PartShape(format.codes(), true, part.count(), part.columns(), format.groupSize());
    }
    return new PartShape(null, false, part.count(), part.columns(), 0);
  }

  @Override
  public void close() {
    if (tiled != null) {
      tiled.close();
    }
    unpacked.close();
  }
}
