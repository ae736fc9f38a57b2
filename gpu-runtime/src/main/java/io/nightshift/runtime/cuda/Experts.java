package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.gemm.GemmTimer;
import io.nightshift.runtime.cuda.kernels.ExpertGemmKernels;
import io.nightshift.runtime.cuda.kernels.ExpertRoutingKernels;
import io.nightshift.runtime.cuda.kernels.ExpertShape;
import io.nightshift.runtime.cuda.kernels.NormKernels;
import io.nightshift.runtime.cuda.kernels.QuantizeKernels;
import io.nightshift.runtime.cuda.kernels.ResidualStream;
import io.nightshift.runtime.cuda.kernels.RoutedRows;
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
  private final GemmRunner runner;
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

  Experts(
      KernelLibrary library,
      CudaStream stream,
      GemmRunner runner,
      ExpertsConfig config,
      StepArena arena) {
    this.stream = stream;
    this.runner = runner;
    this.config = config;
    this.arena = arena;
    buffers = arena.experts(config);
    boolean fp8 = arena.normed.isQuantized();
    ExpertShape shape = new ExpertShape(config, arena.residual.columns(), fp8);
    routing = new ExpertRoutingKernels(library, stream, shape);
    gemms = new ExpertGemmKernels(library, stream, shape);
    downInput = gemms.input(buffers.downInput());
    stream.fill(buffers.loads().address(), 0, buffers.loads().bytes());
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
            layers.size(),
            new ExpertGemms.Projection(
                gateUp,
                gemms.gateUp(runner.unpacked(gateUp).weights(), gateUp.scales(), gateUpBias)),
            new ExpertGemms.Projection(
                down, gemms.down(runner.unpacked(down).weights(), down.scales(), downBias)));
    layers.add(layer);
    return layer;
  }

  /**
   * Enqueues the choice of experts by the scores in the buffers.
   *
   * @param loads of the layer
   */
  void route(@Nullable DeviceVector routerBias, DeviceVector loads, int tokens) {
    routing.route(buffers.scores(), routerBias, buffers.routed(), loads, tokens);
  }

  /** The rows as the last layer has routed them. */
  RoutedRows routed() {
    return buffers.routed();
  }

  /** f32 {@code [experts]}: rows that the experts of a layer have had so far. */
  DeviceVector loads(int layer) {
    DeviceMatrix loads = buffers.loads().rows(layer, 1);
    return new DeviceVector(loads.address(), loads.columns(), loads.type());
  }

  /** The rows as {@link #draw} has divided them among the experts of a layer. */
  RoutedRows drawn(int layer) {
    DeviceMatrix offsets = buffers.drawnOffsets().rows(layer, 1);
    return buffers
        .routed()
        .withOffsets(new DeviceVector(offsets.address(), offsets.columns(), offsets.type()));
  }

  void multiplyGateUp(RoutedRows routed, ExpertGemms.Projection gateUp) {
    runner.unpack(gateUp.weights());
    gemms.multiplyGateUp(arena.normed, routed, gateUp.linear(), buffers.activated());
  }

  /** Enqueues the quantization of activated rows, with fp8. */
  void quantize(int tokens) {
    if (quantize != null) {
      int rows = tokens * config.expertsPerToken();
      quantize.quantizeRows(buffers.activated(), buffers.downInput(), rows);
    }
  }

  void multiplyDown(RoutedRows routed, ExpertGemms.Projection down) {
    runner.unpack(down.weights());
    gemms.multiplyDown(downInput, routed, down.linear(), buffers.outputs());
  }

  /** A residual stream to which the next norm adds the weighted sums of the experts' outputs. */
  ResidualStream addTo(ResidualStream residual, @Nullable DeviceVector outputNorm) {
    return residual.plusExperts(outputs, buffers.routed(), outputNorm);
  }

  /**
   * Enqueues the weighted sums of the experts' outputs. A row of sums is shorter than the rows of
   * its experts, which the other ranks would have to read otherwise.
   *
   * @param sums bf16 {@code [rows][hidden]}
   * @return a residual stream to which the next norm adds the sums of all ranks
   */
  ResidualStream addPartialSumsTo(
      ResidualStream residual,
      @Nullable DeviceVector outputNorm,
      NormKernels norm,
      DeviceMatrix sums) {
    norm.combine(outputs.values(), buffers.routed(), sums, residual.rows());
    ScaledOutput output = new ScaledOutput(sums, outputs.rowScales(), null);
    return residual.plus(output, null, outputNorm);
  }

  /**
   * Draws experts for so many tokens, as often as the tokens so far have chosen them in a layer,
   * and waits for the stream.
   */
  void draw(int layer, int tokens) {
    DeviceVector loads = loads(layer);
    int bytes = Math.toIntExact(loads.bytes());
    float[] frequencies = new float[config.experts()];
    try (PinnedMemory host = new PinnedMemory(stream.device(), bytes)) {
      stream.copyToHost(loads.address(), host, 0, bytes);
      stream.synchronize();
      host.buffer().asFloatBuffer().get(frequencies);
    }
    divide(drawn(layer), ExpertDraw.offsets(frequencies, config.expertsPerToken(), tokens));
  }

  /** Gives all experts about the same number of rows, and waits for the stream. */
  private void routeEvenly(int tokens) {
    long rows = (long) tokens * config.expertsPerToken();
    int[] offsets = new int[config.experts() + 1];
    for (int expert = 0; expert <= config.experts(); expert++) {
      offsets[expert] = (int) (rows * expert / config.experts());
    }
    divide(buffers.routed(), offsets);
  }

  /** Divides the rows of all tokens in turn among the experts. */
  private void divide(RoutedRows routed, int[] firstRows) {
    int rows = firstRows[config.experts()];
    int tokens = rows / config.expertsPerToken();
    DeviceVector offsets = routed.offsets();
    DeviceVector rowTokens = routed.rowTokens().slice(0, rows);
    int bytes = Math.toIntExact(offsets.bytes() + rowTokens.bytes());
    try (PinnedMemory host = new PinnedMemory(stream.device(), bytes)) {
      IntBuffer ints = host.buffer().asIntBuffer();
      ints.put(firstRows);
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
