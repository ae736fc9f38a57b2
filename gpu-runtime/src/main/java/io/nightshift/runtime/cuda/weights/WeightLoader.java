package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.QuantizeKernels;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.QueryKeyNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Allocates the weights of a model together and loads them. */
final class WeightLoader {
  /** Size of the buffer for bf16 rows that are to be quantized. */
  private static final long UNQUANTIZED_BYTES = 64L << 20;

  private final ModelConfig config;
  private final GemmType type;
  private final WeightSource source;
  private final CudaStream stream;
  private final KernelLibrary library;
  private final DeviceMemory memory;

  /** Some outputs of a fused linear layer: those of one tensor. */
  private record Part(String tensor, int rows) {}

  WeightLoader(
      ModelConfig config,
      GemmType type,
      WeightSource source,
      CudaStream stream,
      KernelLibrary library) {
    this.config = config;
    this.type = type;
    this.source = source;
    this.stream = stream;
    this.library = library;
    memory = new DeviceMemory(stream.device(), "the weights", bytes(config, type));
  }

  static long bytes(ModelConfig config, GemmType type) {
    int hidden = config.hiddenSize();
    int queries = config.attention().queryWidth();
    int keys = config.attention().keyWidth();
    long attention =
        bytes(hidden, queries + 2 * keys, type)
            + bytes(queries, hidden, type)
            + vectorBytes(queries + 2 * keys)
            + vectorBytes(queries)
            + vectorBytes(keys)
            + vectorBytes(config.attention().heads())
            + 5 * vectorBytes(hidden);
    long feedForward =
        config.layers().stream()
            .mapToLong(layer -> feedForwardBytes(hidden, layer.feedForward(), type))
            .sum();
    long embedding = bytes(hidden, config.vocabularySize(), GemmType.BF16);
    long output =
        config.tiedEmbeddings() ? 0 : bytes(hidden, config.logitsColumns(), GemmType.BF16);
    return config.layerCount() * attention + feedForward + embedding + output + vectorBytes(hidden);
  }

  private static long feedForwardBytes(int hidden, FeedForwardConfig config, GemmType type) {
    long intermediate = config.intermediateSize();
    if (!(config instanceof ExpertsConfig experts)) {
      return bytes(hidden, 2 * intermediate, type) + bytes(intermediate, hidden, type);
    }
    long count = experts.experts();
    long biases =
        vectorBytes(count) + vectorBytes(count * 2 * intermediate) + vectorBytes(count * hidden);
    return bytes(hidden, count, GemmType.BF16)
        + bytes(hidden, count * 2 * intermediate, type)
        + bytes(intermediate, count * hidden, type)
        + (experts.bias() ? biases : 0);
  }

  private static long bytes(long inputs, long outputs, GemmType type) {
    long scales = type == GemmType.FP8 ? DeviceMemory.aligned(outputs) : 0;
    return DeviceMemory.aligned(inputs * outputs * type.inputType().bytes()) + scales;
  }

  private static long vectorBytes(long elements) {
    return DeviceMemory.aligned(elements * Float.BYTES);
  }

  DeviceWeights load() {
    try {
      int hidden = config.hiddenSize();
      Part embeddingRows = new Part("model.embed_tokens.weight", config.vocabularySize());
      DeviceMatrix embedding = linear(GemmType.BF16, hidden, embeddingRows).weights();
      DeviceMatrix output =
          config.tiedEmbeddings()
              ? embedding
              : linear(GemmType.BF16, hidden, new Part("lm_head.weight", config.logitsColumns()))
                  .weights();
      DeviceVector finalNorm = vector(List.of(new Part("model.norm.weight", hidden)));
      List<DeviceLayerWeights> layers = new ArrayList<>();
      for (int layer = 0; layer < config.layerCount(); layer++) {
        layers.add(layer(layer));
      }
      stream.synchronize();
      DeviceLinear projection = new DeviceLinear(output, null, GemmType.BF16_TO_F32);
      return new DeviceWeights(memory, embedding, finalNorm, projection, layers);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private DeviceLayerWeights layer(int layer) {
    String prefix = "model.layers." + layer + ".";
    NormPlacement norms = config.normPlacement();
    return new DeviceLayerWeights(
        norms(prefix, norms.attentionInput(), norms.attentionOutput()),
        attention(prefix + "self_attn."),
        norms(prefix, norms.feedForwardInput(), norms.feedForwardOutput()),
        feedForward(prefix + "mlp.", config.layers().get(layer).feedForward()));
  }

  private DeviceLayerWeights.PartNorms norms(
      String prefix, Optional<String> input, Optional<String> output) {
    return new DeviceLayerWeights.PartNorms(norm(prefix, input), norm(prefix, output));
  }

  private @Nullable DeviceVector norm(String prefix, Optional<String> name) {
    return name.isPresent()
        ? vector(List.of(new Part(prefix + name.get() + ".weight", config.hiddenSize())))
        : null;
  }

  private DeviceLayerWeights.AttentionWeights attention(String prefix) {
    AttentionConfig attention = config.attention();
    int hidden = config.hiddenSize();
    int queries = attention.queryWidth();
    int keys = attention.keyWidth();
    boolean normed = attention.queryKeyNorm() != QueryKeyNorm.NONE;
    boolean eachHead = attention.queryKeyNorm() == QueryKeyNorm.EACH_HEAD;
    return new DeviceLayerWeights.AttentionWeights(
        linear(
            type,
            hidden,
            new Part(prefix + "q_proj.weight", queries),
            new Part(prefix + "k_proj.weight", keys),
            new Part(prefix + "v_proj.weight", keys)),
        vectorIf(
            attention.queryKeyValueBias(),
            new Part(prefix + "q_proj.bias", queries),
            new Part(prefix + "k_proj.bias", keys),
            new Part(prefix + "v_proj.bias", keys)),
        vectorIf(
            normed, new Part(prefix + "q_norm.weight", eachHead ? attention.headSize() : queries)),
        vectorIf(
            normed, new Part(prefix + "k_norm.weight", eachHead ? attention.headSize() : keys)),
        linear(type, queries, new Part(prefix + "o_proj.weight", hidden)),
        vectorIf(attention.outputBias(), new Part(prefix + "o_proj.bias", hidden)),
        vectorIf(attention.sinks(), new Part(prefix + "sinks", attention.heads())));
  }

  private FeedForwardWeights feedForward(String prefix, FeedForwardConfig feedForward) {
    if (feedForward instanceof GatedMlpConfig mlp) {
      return gatedMlp(prefix, mlp);
    }
    if (feedForward instanceof ExpertsConfig experts) {
      return experts(prefix, experts);
    }
    throw new IllegalArgumentException("feed-forward network " + feedForward);
  }

  private ExpertsWeights experts(String prefix, ExpertsConfig experts) {
    int hidden = config.hiddenSize();
    int intermediate = experts.intermediateSize();
    DeviceMatrix router =
        linear(GemmType.BF16, hidden, new Part(prefix + "gate.weight", experts.experts()))
            .weights();
    return new ExpertsWeights(
        new DeviceLinear(router, null, GemmType.BF16_TO_F32),
        vectorIf(experts.bias(), new Part(prefix + "gate.bias", experts.experts())),
        linear(type, hidden, gateUpParts(prefix, experts, "weight")),
        vectorIf(experts.bias(), gateUpParts(prefix, experts, "bias")),
        linear(type, intermediate, downParts(prefix, experts, "weight")),
        vectorIf(experts.bias(), downParts(prefix, experts, "bias")));
  }

  private static List<Part> gateUpParts(String prefix, ExpertsConfig experts, String kind) {
    return IntStream.range(0, experts.experts())
        .mapToObj(expert -> prefix + "experts." + expert + ".")
        .flatMap(
            expert ->
                Stream.of("gate_proj.", "up_proj.")
                    .map(name -> new Part(expert + name + kind, experts.intermediateSize())))
        .toList();
  }

  private List<Part> downParts(String prefix, ExpertsConfig experts, String kind) {
    return IntStream.range(0, experts.experts())
        .mapToObj(expert -> prefix + "experts." + expert + ".down_proj." + kind)
        .map(name -> new Part(name, config.hiddenSize()))
        .toList();
  }

  private GatedMlpWeights gatedMlp(String prefix, GatedMlpConfig mlp) {
    int hidden = config.hiddenSize();
    int intermediate = mlp.intermediateSize();
    return new GatedMlpWeights(
        linear(
            type,
            hidden,
            new Part(prefix + "gate_proj.weight", intermediate),
            new Part(prefix + "up_proj.weight", intermediate)),
        linear(type, intermediate, new Part(prefix + "down_proj.weight", hidden)));
  }

  private DeviceLinear linear(GemmType linearType, int inputs, Part... parts) {
    return linear(linearType, inputs, List.of(parts));
  }

  private DeviceLinear linear(GemmType linearType, int inputs, List<Part> parts) {
    int outputs = parts.stream().mapToInt(Part::rows).sum();
    DeviceMatrix weights = memory.takeMatrix(outputs, inputs, linearType.inputType());
    boolean fp8 = linearType == GemmType.FP8;
    DeviceVector scales = fp8 ? memory.takeVector(outputs, DeviceElementType.E8M0) : null;
    List<TensorRows> rows =
        parts.stream().map(part -> new TensorRows(part.tensor(), 0, part.rows())).toList();
    if (scales == null) {
      source.rows(rows, weights);
    } else {
      quantize(rows, weights, scales);
    }
    return new DeviceLinear(weights, scales, linearType);
  }

  private void quantize(List<TensorRows> rows, DeviceMatrix target, DeviceVector scales) {
    int columns = target.columns();
    int chunk = Math.toIntExact(Math.max(1, UNQUANTIZED_BYTES / (columns * Short.BYTES)));
    QuantizeKernels kernels = new QuantizeKernels(library, stream, columns);
    try (DeviceMemory buffer =
        new DeviceMemory(
            stream.device(), "rows to quantize", (long) chunk * columns * Short.BYTES)) {
      DeviceMatrix unquantized = buffer.takeMatrix(chunk, columns, DeviceElementType.BF16);
      for (int done = 0; done < target.rows(); done += chunk) {
        int count = Math.min(chunk, target.rowCount() - done);
        DeviceMatrix part = unquantized.rows(0, count);
        source.rows(TensorRows.slice(rows, done, count), part);
        kernels.quantizeChannels(part, target.rows(done, count), scales.slice(done, count));
      }
      stream.synchronize();
    }
  }

  /** One f32 vector of several tensors, if the model has them. */
  private @Nullable DeviceVector vectorIf(boolean present, Part... parts) {
    return vectorIf(present, List.of(parts));
  }

  private @Nullable DeviceVector vectorIf(boolean present, List<Part> parts) {
    return present ? vector(parts) : null;
  }

  /** One f32 vector of several tensors. */
  private DeviceVector vector(List<Part> parts) {
    int count = parts.stream().mapToInt(Part::rows).sum();
    try (PinnedMemory host = new PinnedMemory(stream.device(), count * Float.BYTES)) {
      var elements = host.buffer().asFloatBuffer();
      for (Part part : parts) {
        elements.put(source.vector(part.tensor(), part.rows()));
      }
      DeviceVector target = memory.takeVector(count, DeviceElementType.F32);
      stream.copyToDevice(host, target.address(), target.bytes());
      stream.synchronize();
      return target;
    }
  }
}
