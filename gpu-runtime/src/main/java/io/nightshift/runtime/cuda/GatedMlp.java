package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmTimer;
import io.nightshift.runtime.cuda.kernels.ActivationKernels;
import io.nightshift.runtime.cuda.kernels.GemmInput;
import io.nightshift.runtime.cuda.kernels.ScaledOutput;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.GatedMlpWeights;
import io.nightshift.runtime.model.GatedMlpConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gated MLPs of layers that have them in one size (Shazeer, "GLU variants improve transformer",
 * 2020) up to its down projection: gate and up projections of the arena's normed rows, and the
 * activated gate times up, to the arena's activated rows.
 *
 * <p>Unfused, it is a GEMM as {@link GemmRunner} runs it and a kernel for the activation. Fused, it
 * is the one kernel of {@link FusedGateUp}, which takes bf16 weights, unpacked if need be, inputs
 * in multiples of 64, features in multiples of 128, and a Hopper GPU. If both are possible, both
 * are timed for each rounded number of rows, and the faster one is kept on disk: fusion saves the
 * way to memory and back, but for some numbers of rows its tiles fill the GPU worse than the best
 * of cuBLASLt's.
 */
final class GatedMlp {
  private static final int ROUNDS = 5;

  /** How gate, up and activation are computed. */
  enum Fusion {
    FUSED,
    UNFUSED
  }

  private final CudaStream stream;
  private final GemmRunner gemms;
  private final StepArena arena;
  private final ActivationKernels activation;
  private final GemmInput activated;

  /** The unfused GEMM of each layer. */
  private final List<LayerGemm> gateUps;

  private final @Nullable Choice choice;

  /** The fused kernel, and the numbers of rows for which it is faster. */
  private record Choice(FusedGateUp kernel, ChoiceCache<Fusion> cache) {}

  /**
   * @param layers weights of the layers, which the other methods number from 0
   */
  GatedMlp(
      KernelLibrary library,
      CudaStream stream,
      GemmRunner gemms,
      GatedMlpConfig config,
      List<GatedMlpWeights> layers,
      StepArena arena,
      Path cacheFolder) {
    this.stream = stream;
    this.gemms = gemms;
    this.arena = arena;
    activated = arena.activated(config.intermediateSize());
    DeviceMatrix target = arena.gateUp(config.intermediateSize());
    gateUps =
        layers.stream()
            .map(layer -> LayerGemm.overwriting(layer.gateUp(), arena.normed.values(), target))
            .toList();
    activation =
        new ActivationKernels(library, stream, config.intermediateSize(), config.activation());
    choice =
        FusedGateUp.fits(layers.get(0).gateUp(), stream.device())
            ? choice(new FusedGateUp(library, stream, gemms, config, layers, arena), cacheFolder)
            : null;
  }

  /** The unfused GEMM of a layer's gate and up projections. */
  LayerGemm gateUpGemm(int layer) {
    return gateUps.get(layer);
  }

  /** Where {@link #gateUp(int, int)} leaves its output. */
  GemmInput activated() {
    return activated;
  }

  private Choice choice(FusedGateUp kernel, Path cacheFolder) {
    String fingerprint =
        kernel
            .source()
            .fingerprint(
                activation.source().fingerprint(),
                stream.device().name(),
                Long.toString(gemms.library().version()),
                weightsOf(gateUps.get(0).linear()));
    return new Choice(kernel, fusions(cacheFolder, fingerprint));
  }

  /** The form of the weights, on which the time of the unfused GEMM depends. */
  private static String weightsOf(DeviceLinear linear) {
    return linear.isTiled() ? "tiled" : linear.isPacked() ? "packed" : "dense";
  }

  /** Lines such as {@code 1024 FUSED}. */
  static ChoiceCache<Fusion> fusions(Path folder, String fingerprint) {
    return new ChoiceCache<>(
        folder.resolve("gated-linear-unit-" + fingerprint + ".txt"), Fusion::valueOf);
  }

  /** Whether gate, up and activation can be computed fused and unfused. */
  boolean hasChoice() {
    return choice != null;
  }

  /**
   * Chooses whether to fuse numbers of rows. Does nothing for those that are known; for others
   * computes with the arena's content, and waits for the stream.
   *
   * @param rowCounts rounded, with their GEMMs prepared
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

  private Fusion faster(int rows) {
    // The first launches load code, which is not to be timed.
    gateUp(Fusion.FUSED, 0, rows);
    gateUp(Fusion.UNFUSED, 0, rows);
    try (CudaGraph fused = record(Fusion.FUSED, rows);
        CudaGraph unfused = record(Fusion.UNFUSED, rows)) {
      double[] seconds = GemmTimer.medianSeconds(stream, List.of(fused, unfused), ROUNDS);
      return seconds[0] < seconds[1] ? Fusion.FUSED : Fusion.UNFUSED;
    }
  }

  private CudaGraph record(Fusion fusion, int rows) {
    int layers = gateUps.size();
    DeviceLinear linear = gateUps.get(0).linear();
    double flops = 2.0 * rows * linear.inputs() * linear.outputs();
    return GemmTimer.record(stream, flops, i -> gateUp(fusion, i % layers, rows));
  }

  /**
   * How {@link #gateUp(int, int)} computes so many rows.
   *
   * @throws IllegalStateException if both are possible, and none is chosen for so many rows
   */
  Fusion fusion(int rows) {
    return choice == null
        ? Fusion.UNFUSED
        : choice
            .cache()
            .get(Gemm.roundRows(rows))
            .orElseThrow(() -> new IllegalStateException(rows + " rows are not prepared"));
  }

  /** Enqueues gate, up and activation of a layer, fused if that is faster. */
  void gateUp(int layer, int rows) {
    gateUp(fusion(rows), layer, rows);
  }

  /**
   * Enqueues gate, up and activation of a layer.
   *
   * @throws NullPointerException if they cannot be fused, but are to be
   */
  void gateUp(Fusion fusion, int layer, int rows) {
    switch (fusion) {
      case FUSED -> requireNonNull(choice).kernel().run(layer, rows);
      case UNFUSED -> gateUpUnfused(gateUps.get(layer), rows);
    }
  }

  private void gateUpUnfused(LayerGemm gateUp, int rows) {
    gemms.run(gateUp, rows);
    activation.gatedActivation(
        new ScaledOutput(gateUp.target(), arena.normed.scales(), gateUp.linear().scales()),
        activated,
        rows);
  }
}
