package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.Bf16;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.GatedMlpWeights;
import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.random.RandomModelFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A {@link GatedMlp} on a GPU with random weights, fresh inputs, and what it must give. */
final class GatedMlpFixture implements AutoCloseable {
  private static final int MOST_ROWS = 1200;

  /** Norm of the difference over the norm of the output: rounding of sums and of the output. */
  private static final double ERROR = 6e-3;

  /**
   * Of so many neighboring features, one is computed on the CPU: two of each of the kernel's tiles.
   */
  private static final int FEATURES_PER_SAMPLE = 64;

  private final ModelConfig config;
  private final Path cacheFolder;
  private final Random random = new Random();
  private final CudaDevice device = CudaDevice.open(0);
  private final CudaStream stream = new CudaStream(device);
  private final KernelLibrary library;
  private final GemmLibrary dense;
  private final PackedGemm packed;
  private final GemmRunner gemms;
  private final DeviceWeights weights;
  private final StepArena arena;
  private final PinnedMemory staging;
  private final GatedMlp mlp;

  /** What a feature must be, in each row. */
  private record Expected(int feature, double[] rows) {}

  private List<Expected> expected = List.of();

  GatedMlpFixture(
      int hidden, int intermediate, Activation activation, DataType type, Path cacheFolder) {
    config = config(hidden, new GatedMlpConfig(intermediate, activation));
    this.cacheFolder = cacheFolder;
    EngineConfig options =
        EngineConfig.cuda()
            .withDtype(type)
            .withKvCacheTokens(1024)
            .withMaxStepTokens(MOST_ROWS)
            .withLogitsRows(64);
    library = new KernelLibrary(device, cacheFolder);
    dense = new GemmLibrary(device, cacheFolder);
    weights =
        DeviceWeights.random(
            config, GemmType.of(type), TensorEncodings.UNQUANTIZED, stream, library);
    packed = new PackedGemm(library, stream, dense, weights, cacheFolder);
    gemms = new GemmRunner(stream, dense, packed);
    arena = new StepArena(device, config, options);
    staging = new PinnedMemory(device, arena.rows() * Math.max(hidden, intermediate) * Short.BYTES);
    mlp = anotherMlp();
  }

  private static ModelConfig config(int hidden, GatedMlpConfig mlp) {
    int headSize = 8;
    int heads = hidden / headSize;
    ModelConfig plain =
        PlainLlama.config(2, hidden, heads, heads, headSize, mlp.intermediateSize(), 64, 256, 1);
    List<LayerConfig> layers =
        plain.layers().stream()
            .map(layer -> new LayerConfig(layer.slidingWindow(), layer.rope(), mlp))
            .toList();
    return new ModelConfig(
        plain.family(),
        plain.hiddenSize(),
        plain.vocabularySize(),
        plain.maxPositions(),
        plain.attention(),
        layers,
        plain.normPlacement(),
        plain.normEpsilon(),
        plain.multipliers(),
        plain.tiedEmbeddings(),
        plain.endOfSequenceTokens());
  }

  GatedMlp mlp() {
    return mlp;
  }

  /** One with the same cache folder. */
  GatedMlp anotherMlp() {
    return new GatedMlp(
        library,
        stream,
        gemms,
        (GatedMlpConfig) config.layers().get(0).feedForward(),
        weights.layers().stream().map(layer -> (GatedMlpWeights) layer.feedForward()).toList(),
        arena,
        cacheFolder);
  }

  CudaStream stream() {
    return stream;
  }

  boolean isHopper() {
    return device.computeCapability() == 90;
  }

  void prepareGemms(List<Integer> rowCounts) {
    List<DecoderGemms> layers =
        IntStream.range(0, config.layerCount())
            .mapToObj(
                layer ->
                    new DecoderGemms(List.of(mlp.gateUpGemm(layer)), List.of(), Optional.empty()))
            .toList();
    new GemmPreparation(stream, gemms, layers).prepareLayers(rowCounts);
  }

  /** Makes new rows for a layer's MLP, and NaN behind them. */
  void makeInputs(int layer, int rows) {
    int columns = config.hiddenSize();
    float[][] inputs = new float[rows][columns];
    ByteBuffer bytes = staging.buffer();
    for (float[] row : inputs) {
      for (int i = 0; i < columns; i++) {
        row[i] = Bf16.round((float) random.nextGaussian());
        bytes.putShort((short) (Float.floatToRawIntBits(row[i]) >>> 16));
      }
    }
    stream.fill(arena.normed.values().address(), 0xFF, arena.normed.values().bytes());
    stream.copyToDevice(staging, arena.normed.values().address(), bytes.position());
    stream.synchronize();
    int features = config.layers().get(0).feedForward().intermediateSize();
    expected = new ArrayList<>();
    for (int first = 0; first < features; first += FEATURES_PER_SAMPLE) {
      int feature = Math.min(features - 1, first + random.nextInt(FEATURES_PER_SAMPLE));
      expected.add(new Expected(feature, outputs(layer, feature, inputs)));
    }
  }

  private double[] outputs(int layer, int feature, float[][] inputs) {
    float[] gate = weights(layer, "gate_proj", feature);
    float[] up = weights(layer, "up_proj", feature);
    double[] outputs = new double[inputs.length];
    for (int row = 0; row < inputs.length; row++) {
      double x = dot(inputs[row], gate);
      outputs[row] = gated(x, dot(inputs[row], up));
    }
    return outputs;
  }

  private double gated(double gate, double up) {
    return switch (config.layers().get(0).feedForward().activation()) {
      case SILU -> gate / (1 + Math.exp(-gate)) * up;
      case GELU_TANH ->
          gate
              / 2
              * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (gate + 0.044715 * gate * gate * gate)))
              * up;
      case CLAMPED_SWIGLU -> {
        double low = Math.min(gate, 7);
        yield low / (1 + Math.exp(-1.702 * low)) * (Math.max(-7, Math.min(7, up)) + 1);
      }
    };
  }

  /** Makes every element of the output NaN. */
  void poisonOutput() {
    stream.fill(mlp.activated().values().address(), 0xFF, mlp.activated().values().bytes());
  }

  /** Checks the output of the last inputs: close to what it must be, and no row more. */
  void assertOutput() {
    DeviceMatrix activated = mlp.activated().values();
    stream.copyToHost(activated.address(), staging, 0, activated.bytes());
    stream.synchronize();
    float[][] output =
        new float[arena.rows()][config.layers().get(0).feedForward().intermediateSize()];
    ByteBuffer bytes = staging.buffer();
    int rows = expected.get(0).rows().length;
    for (int row = 0; row < output.length; row++) {
      int poisoned = 0;
      for (int i = 0; i < output[row].length; i++) {
        output[row][i] = Float.intBitsToFloat(bytes.getShort() << 16);
        poisoned += Float.isNaN(output[row][i]) ? 1 : 0;
      }
      assertThat(poisoned)
          .as("NaN in row %d of %d", row, rows)
          .isEqualTo(row < rows ? 0 : output[row].length);
    }
    assertThat(error(output)).isLessThan(ERROR);
  }

  private double error(float[][] output) {
    double differences = 0;
    double squares = 0;
    for (Expected each : expected) {
      for (int row = 0; row < each.rows().length; row++) {
        double difference = output[row][each.feature()] - each.rows()[row];
        differences += difference * difference;
        squares += each.rows()[row] * each.rows()[row];
      }
    }
    return Math.sqrt(differences / squares);
  }

  private float[] weights(int layer, String projection, int feature) {
    float[] row = new float[config.hiddenSize()];
    new RandomModelFiles("random", config)
        .tensor("model.layers.%s.mlp.%s.weight".formatted(layer, projection))
        .readRows(feature, 1, row, 0);
    for (int i = 0; i < row.length; i++) {
      row[i] = Bf16.round(row[i]);
    }
    return row;
  }

  private static double dot(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }

  @Override
  public void close() {
    staging.close();
    arena.close();
    weights.close();
    packed.close();
    dense.close();
    library.close();
    stream.close();
    device.close();
  }
}
