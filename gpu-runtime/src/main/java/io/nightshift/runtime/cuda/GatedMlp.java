package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.LayerGemms.Product;
import io.nightshift.runtime.cuda.ModelKernels.Sums;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmTimer;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gated linear unit of a layer (Shazeer, "GLU variants improve transformer", 2020): gate and up
 * products of the arena's normed rows, and the activated gate times up, to the arena's activated
 * rows.
 *
 * <p>There are two ways: a product by cuBLASLt and a kernel for the activation, or both in the one
 * kernel of {@link FusedGateUp}. The latter takes bf16 weights, inputs in multiples of 64, features
 * in multiples of 128, and a GPU of Hopper's kind; everything else takes two kernels. Where there
 * is a choice, both ways are timed for each rounded number of rows, and the faster one is kept on
 * disk: one kernel saves the way to memory and back, but its tiles fill the GPU worse than the best
 * of cuBLASLt's for some numbers of rows.
 */
final class GatedMlp implements AutoCloseable {
  private static final int ROUNDS = 5;

  /** How a gated linear unit is computed. */
  enum Way {
    FUSED,
    UNFUSED
  }

  private final CudaStream stream;
  private final GemmLibrary products;
  private final ModelKernels kernels;
  private final DeviceWeights weights;
  private final StepArena arena;
  private final @Nullable Choice choice;

  /** The kernel that does all, and when it is the faster way. */
  private record Choice(FusedGateUp kernel, GatedMlpCache cache) {}

  GatedMlp(
      KernelLibrary library,
      CudaStream stream,
      GemmLibrary products,
      ModelKernels kernels,
      DeviceWeights weights,
      StepArena arena,
      Path cacheFolder) {
    this.stream = stream;
    this.products = products;
    this.kernels = kernels;
    this.weights = weights;
    this.arena = arena;
    choice =
        FusedGateUp.fits(gateUp(0), stream.device())
            ? choice(new FusedGateUp(library, stream, weights, arena), cacheFolder)
            : null;
  }

  private Choice choice(FusedGateUp kernel, Path cacheFolder) {
    String fingerprint =
        kernel
            .source()
            .fingerprint(
                kernels.activation().fingerprint(),
                stream.device().name(),
                Long.toString(products.version()));
    return new Choice(kernel, new GatedMlpCache(cacheFolder, fingerprint));
  }

  /** Whether there are two ways. */
  boolean hasChoice() {
    return choice != null;
  }

  /**
   * Chooses the faster way for numbers of rows. Does nothing for those that are known; for others
   * computes with what lies in the arena, and waits for the stream.
   *
   * @param rowCounts rounded, with their products prepared
   */
  void prepare(List<Integer> rowCounts) {
    if (choice == null) {
      return;
    }
    for (int rows : rowCounts) {
      if (choice.cache().get(rows).isEmpty()) {
        choice.cache().put(rows, faster(rows));
      }
    }
    choice.cache().save();
  }

  private Way faster(int rows) {
    // The first launches load code, which is not to be timed.
    run(Way.FUSED, 0, rows);
    run(Way.UNFUSED, 0, rows);
    try (CudaGraph one = record(Way.FUSED, rows);
        CudaGraph two = record(Way.UNFUSED, rows)) {
      double[] seconds = GemmTimer.medianSeconds(stream, List.of(one, two), ROUNDS);
      return seconds[0] < seconds[1] ? Way.FUSED : Way.UNFUSED;
    }
  }

  private CudaGraph record(Way way, int rows) {
    int layers = weights.layers().size();
    double operations = 2.0 * rows * gateUp(0).inputs() * gateUp(0).outputs();
    return GemmTimer.record(stream, operations, i -> run(way, i % layers, rows));
  }

  /**
   * The way that {@link #run(int, int)} takes.
   *
   * @throws IllegalStateException if there is a choice, and it is not made for so many rows
   */
  Way way(int rows) {
    return choice == null
        ? Way.UNFUSED
        : choice
            .cache()
            .get(Gemm.roundRows(rows))
            .orElseThrow(() -> new IllegalStateException(rows + " rows are not prepared"));
  }

  /** Puts a layer's unit into the stream, the faster way. */
  void run(int layer, int rows) {
    run(way(rows), layer, rows);
  }

  /**
   * Puts a layer's unit into the stream.
   *
   * @throws NullPointerException if it cannot be computed this way
   */
  void run(Way way, int layer, int rows) {
    switch (way) {
      case FUSED -> requireNonNull(choice).kernel().run(layer, rows);
      case UNFUSED -> runTwoKernels(layer, rows);
    }
  }

  private void runTwoKernels(int layer, int rows) {
    DeviceLinear gateUp = gateUp(layer);
    new Product(gateUp, arena.normed, arena.gateUp).run(products, stream, rows);
    kernels.gatedActivation(
        rows,
        new Sums(arena.gateUp, arena.normedScales, gateUp.scales()),
        arena.activated,
        arena.activatedScales);
  }

  private DeviceLinear gateUp(int layer) {
    return weights.layers().get(layer).gateUp();
  }

  @Override
  public void close() {
    if (choice != null) {
      choice.kernel().close();
    }
  }
}
