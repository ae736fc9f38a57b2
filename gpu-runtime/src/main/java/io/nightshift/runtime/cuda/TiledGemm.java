package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.PackedGemmMethod.Fused;
import io.nightshift.runtime.cuda.PackedGemmMethod.Unpacked;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmTimer;
import io.nightshift.runtime.cuda.kernels.PackedGemmKernels;
import io.nightshift.runtime.cuda.kernels.PackedGemmTile;
import io.nightshift.runtime.cuda.kernels.TileFormat;
import io.nightshift.runtime.cuda.kernels.TiledWeights;
import io.nightshift.runtime.cuda.kernels.WeightTileKernels;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.WeightRows;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

/**
 * GEMMs of weights in tiles, for numbers of rows that are multiplied faster as weights are packed
 * than unpacked. The choice is timed once and kept on disk.
 */
final class TiledGemm implements AutoCloseable {
  /** Above, unpacking takes a few percent of a GEMM, and cuBLASLt gains more than that. */
  private static final int MOST_ROWS = 4096;

  private static final int ROUNDS = 3;

  private final CudaStream stream;
  private final PackedGemmKernels kernels;
  private final Path cacheFolder;
  private final String libraryVersion;
  private final Map<String, ChoiceCache<PackedGemmMethod>> choices = new HashMap<>();

  /** The choices for each prepared layer, by identity: they are looked up for every GEMM. */
  private final Map<DeviceLinear, ChoiceCache<PackedGemmMethod>> ofLayers = new IdentityHashMap<>();

  /**
   * @param libraryVersion of cuBLASLt, which multiplies unpacked weights
   */
  TiledGemm(KernelLibrary library, CudaStream stream, Path cacheFolder, long libraryVersion) {
    this.stream = stream;
    this.cacheFolder = cacheFolder;
    this.libraryVersion = Long.toString(libraryVersion);
    kernels = new PackedGemmKernels(library, stream);
  }

  /** Enqueues a GEMM, in tiles of a size. Writes {@code rows} rows and no more. */
  void run(PackedGemmTile tile, LayerGemm gemm, int rows) {
    DeviceLinear linear = gemm.linear();
    int firstOutput = 0;
    for (WeightRows part : linear.parts()) {
      TiledWeights weights = tiles(part);
      DeviceMatrix columns =
          new DeviceMatrix(
              gemm.target().address() + (long) firstOutput * Short.BYTES,
              rows,
              linear.outputs(),
              DeviceElementType.BF16);
      kernels.multiply(tile, weights, gemm.source(), columns, rows, gemm.adds(), gemm.multiplier());
      firstOutput += weights.outputs();
    }
  }

  private static TiledWeights tiles(WeightRows part) {
    if (part instanceof WeightRows.Tiled tiled) {
      return tiled.weights();
    }
    throw new IllegalArgumentException("weights of " + part.count() + " outputs are not in tiles");
  }

  /**
   * Chooses how to compute numbers of rows. Does nothing for those that are known; for others
   * computes, and waits for the stream.
   *
   * @param same GEMMs of one shape, with weights of one format from different layers
   * @param unpackedSeconds the time of so many rows with weights that are unpacked first
   */
  void prepare(List<LayerGemm> same, List<Integer> rowCounts, IntToDoubleFunction unpackedSeconds) {
    DeviceLinear linear = same.get(0).linear();
    ChoiceCache<PackedGemmMethod> cache =
        choices.computeIfAbsent(key(linear), key -> open(linear, key));
    same.forEach(gemm -> ofLayers.put(gemm.linear(), cache));
    List<Integer> unknown =
        rowCounts.stream().filter(rows -> rows <= MOST_ROWS && cache.get(rows).isEmpty()).toList();
    Set<PackedGemmTile> candidates =
        unknown.stream()
            .flatMap(rows -> PackedGemmTile.candidates(rows).stream())
            .collect(Collectors.toSet());
    linear.parts().forEach(part -> kernels.compile(tiles(part).format(), candidates));
    for (int rows : unknown) {
      cache.put(rows, fastest(same, rows, unpackedSeconds.applyAsDouble(rows)));
    }
    cache.save();
    // What steps launch is loaded now.
    rowCounts.forEach(
        rows -> {
          if (method(linear, rows) instanceof Fused fused) {
            run(fused.tile(), same.get(0).overwriting(), rows);
          }
        });
  }

  private PackedGemmMethod fastest(List<LayerGemm> same, int rows, double unpackedSeconds) {
    PackedGemmMethod best = new Unpacked();
    double least = unpackedSeconds;
    for (PackedGemmTile tile : PackedGemmTile.candidates(rows)) {
      double seconds = seconds(tile, same, rows);
      if (seconds < least) {
        least = seconds;
        best = new Fused(tile, Math.round(seconds * 1e9));
      }
    }
    return best;
  }

  private double seconds(PackedGemmTile tile, List<LayerGemm> same, int rows) {
    DeviceLinear linear = same.get(0).linear();
    double flops = 2.0 * rows * linear.inputs() * linear.outputs();
    run(tile, same.get(0).overwriting(), rows); // Loads the code, which is not to be timed.
    try (CudaGraph graph =
        GemmTimer.record(
            stream, flops, i -> run(tile, same.get(i % same.size()).overwriting(), rows))) {
      return GemmTimer.medianSeconds(stream, List.of(graph), ROUNDS)[0] / GemmTimer.countFor(flops);
    }
  }

  /**
   * How a GEMM of so many rows is the fastest.
   *
   * @throws IllegalStateException if that is not prepared
   */
  PackedGemmMethod method(DeviceLinear linear, int rows) {
    int rounded = Gemm.roundRows(rows);
    if (rounded > MOST_ROWS) {
      return new Unpacked();
    }
    ChoiceCache<PackedGemmMethod> cache = ofLayers.get(linear);
    return Optional.ofNullable(cache)
        .flatMap(choice -> choice.get(rounded))
        .orElseThrow(
            () ->
                new IllegalStateException(rows + " rows of " + key(linear) + " are not prepared"));
  }

  private ChoiceCache<PackedGemmMethod> open(DeviceLinear linear, String key) {
    TileFormat format = tiles(linear.parts().get(0)).format();
    String fingerprint =
        PackedGemmKernels.fingerprint(
            format,
            WeightTileKernels.source(format).fingerprint(),
            key,
            stream.device().name(),
            libraryVersion);
    return new ChoiceCache<>(
        cacheFolder.resolve("packed-gemm-" + fingerprint + ".txt"), PackedGemmMethod::parse);
  }

  /** What times depend on, besides the kernels. */
  private static String key(DeviceLinear linear) {
    StringBuilder key = new StringBuilder();
    for (WeightRows part : linear.parts()) {
      TiledWeights weights = tiles(part);
      key.append(weights.format()).append(" [").append(weights.outputs()).append(", ");
      key.append(weights.inputs()).append("] ");
    }
    return key.toString().strip();
  }

  @Override
  public void close() {
    kernels.close();
  }
}
