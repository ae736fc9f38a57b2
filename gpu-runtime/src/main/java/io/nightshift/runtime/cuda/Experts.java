package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.gemm.GemmTimer;
import io.nightshift.runtime.cuda.kernels.ExpertGemmKernels;
import io.nightshift.runtime.cuda.kernels.ExpertLinear;
import io.nightshift.runtime.cuda.kernels.ExpertRoutingKernels;
import io.nightshift.runtime.cuda.kernels.ExpertShape;
import io.nightshift.runtime.cuda.kernels.QuantizeKernels;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import io.nightshift.runtime.cuda.kernels.ScaledOutput;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.model.ExpertsConfig;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mixtures of experts of layers that have them in one configuration: their kernels and buffers.
 * Everything is decided on the device: the host does not know which experts tokens pass.
 */
final class Experts {
  private static final int ROUNDS = 3;

  /** Layers that are timed together, so that clocks and caches are those of a step. */
  private static final int TIMED_LAYERS = 4;

  private final CudaStream stream;
  private final ExpertsConfig config;
  private final StepArena arena;
  private final ExpertBuffers buffers;
  private final ExpertRoutingKernels routing;
  private final ExpertGemmKernels gemms;
  private final ExpertGemmKernels.ExpertInput downInput;
  private final @Nullable QuantizeKernels quantize;
  private final ScaledOutput outputs;
  private final List<ExpertGemms> layers = new ArrayList<>();
  private final Map<Integer, Double> times = new HashMap<>();

  Experts(KernelLibrary library, CudaStream stream, ExpertsConfig config, StepArena arena) {
    this.stream = stream;
    this.config = config;
    this.arena = arena;
    buffers = arena.experts(config);
    boolean fp8 = arena.normed.isQuantized();
    ExpertShape shape = new ExpertShape(config, arena.residual.columns(), fp8);
    routing = new ExpertRoutingKernels(library, stream, shape);
    gemms = new ExpertGemmKernels(library, stream, shape);
    downInput = gemms.input(buffers.downInput());
    quantize = fp8 ? new QuantizeKernels(library, stream, config.intermediateSize()) : null;
    outputs = new ScaledOutput(buffers.outputs(), buffers.downInput().scales(), null);
  }

  /** Adds the projections of another layer. */
  ExpertGemms add(
      DeviceLinear gateUp,
      @Nullable DeviceVector gateUpBias,
      DeviceLinear down,
      @Nullable DeviceVector downBias) {
    ExpertGemms layer =
        new ExpertGemms(
            this,
            gemms.gateUp(gateUp.weights(), gateUp.scales(), gateUpBias),
            gemms.down(down.weights(), down.scales(), downBias));
    layers.add(layer);
    return layer;
  }

  /** Enqueues the choice of experts by the scores in the buffers. */
  void route(@Nullable DeviceVector routerBias, int tokens) {
    routing.route(buffers.scores(), routerBias, buffers.routed(), tokens);
  }

  void multiplyGateUp(ExpertLinear weights) {
    gemms.multiplyGateUp(arena.normed, buffers.routed(), weights, buffers.activated());
  }

  /** Enqueues the quantization of activated rows, with fp8. */
  void quantize(int tokens) {
    if (quantize != null) {
      int rows = tokens * config.expertsPerToken();
      quantize.quantizeRows(buffers.activated(), buffers.downInput(), rows);
    }
  }

  void multiplyDown(ExpertLinear weights) {
    gemms.multiplyDown(downInput, buffers.routed(), weights, buffers.outputs());
  }

  /** A residual stream to which the next norm adds the weighted sums of the experts' outputs. */
  ResidualStream addTo(ResidualStream residual, @Nullable DeviceVector outputNorm) {
    return residual.plusExperts(outputs, buffers.routed(), outputNorm);
  }

  /** Gives all experts about the same number of rows, and waits for the stream. */
  void routeEvenly(int tokens) {
    int rows = tokens * config.expertsPerToken();
    int experts = config.experts();
    DeviceVector offsets = buffers.routed().offsets();
    DeviceVector rowTokens = buffers.routed().rowTokens().slice(0, rows);
    int bytes = Math.toIntExact(offsets.bytes() + rowTokens.bytes());
    try (PinnedMemory host = new PinnedMemory(stream.device(), bytes)) {
      IntBuffer ints = host.buffer().asIntBuffer();
      for (int expert = 0; expert <= experts; expert++) {
        ints.put((int) ((long) rows * expert / experts));
      }
      for (int row = 0; row < rows; row++) {
        ints.put(row % tokens);
      }
      stream.copyToDevice(host, offsets.address(), offsets.bytes());
      stream.copyToDevice(host, offsets.bytes(), rowTokens.address(), rowTokens.bytes());
      stream.synchronize();
    }
  }

  /**
   * Times the projections of numbers of tokens with the arena's content, and waits for the stream.
   *
   * @param tokenCounts rounded
   */
  void prepare(List<Integer> tokenCounts) {
    for (int tokens : tokenCounts) {
      routeEvenly(tokens);
      layers.get(0).multiplyGateUp();
      quantize(tokens);
      layers.get(0).multiplyDown();
      try (CudaGraph graph = stream.capture(this::multiplyTimed)) {
        double seconds = GemmTimer.medianSeconds(stream, List.of(graph), ROUNDS)[0];
        times.put(tokens, seconds / TIMED_LAYERS);
      }
    }
  }

  private void multiplyTimed() {
    for (int i = 0; i < TIMED_LAYERS; i++) {
      layers.get(i % layers.size()).multiply();
    }
  }

  /** Seconds of the projections of one layer, for each number of tokens that is prepared. */
  Map<Integer, Double> times() {
    return times;
  }
}
