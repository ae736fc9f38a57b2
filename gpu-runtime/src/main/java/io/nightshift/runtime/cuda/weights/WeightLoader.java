package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.device.RowLaunch;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lays the weights of a model out in one allocation and fills it. */
final class WeightLoader {
  /** bf16 rows that wait to be quantised, in bytes. */
  private static final long UNQUANTISED_BYTES = 64L << 20;

  private final ModelConfig config;
  private final GemmType type;
  private final WeightSource source;
  private final CudaStream stream;
  private final KernelLibrary kernels;
  private final DeviceMemory memory;

  /** A tensor, and its rows. */
  private record Part(String tensor, int rows) {}

  WeightLoader(
      ModelConfig config,
      GemmType type,
      WeightSource source,
      CudaStream stream,
      KernelLibrary kernels) {
    this.config = config;
    this.type = type;
    this.source = source;
    this.stream = stream;
    this.kernels = kernels;
    memory = new DeviceMemory(stream.device(), "the weights", bytes(config, type));
  }

  static long bytes(ModelConfig config, GemmType type) {
    int hidden = config.hiddenSize();
    int queries = config.attentionHeads() * config.headSize();
    int keysAndValues = 2 * config.keyValueHeads() * config.headSize();
    int intermediate = config.intermediateSize();
    long layer =
        bytes(hidden, queries + keysAndValues, type)
            + bytes(queries, hidden, type)
            + bytes(hidden, 2 * intermediate, type)
            + bytes(intermediate, hidden, type)
            + vectorBytes(queries + keysAndValues)
            + 3 * vectorBytes(hidden)
            + 2 * vectorBytes(config.headSize());
    long vocabulary = bytes(hidden, config.vocabularySize(), GemmType.BF16);
    return config.layers() * layer
        + (config.tiedEmbeddings() ? 1 : 2) * vocabulary
        + vectorBytes(hidden);
  }

  private static long bytes(long inputs, long outputs, GemmType type) {
    long scales = type == GemmType.FP8 ? DeviceMemory.aligned(outputs) : 0;
    return DeviceMemory.aligned(inputs * outputs * type.inputBytes()) + scales;
  }

  private static long vectorBytes(long elements) {
    return DeviceMemory.aligned(elements * Float.BYTES);
  }

  DeviceWeights load() {
    try {
      int hidden = config.hiddenSize();
      Part embeddingRows = new Part("model.embed_tokens.weight", config.vocabularySize());
      DeviceLinear embedding = linear(GemmType.BF16, hidden, embeddingRows);
      DeviceLinear output =
          config.tiedEmbeddings()
              ? embedding
              : linear(GemmType.BF16, hidden, new Part("lm_head.weight", config.vocabularySize()));
      long outputNorm = vector(new Part("model.norm.weight", hidden));
      List<LayerWeights> layers = new ArrayList<>();
      for (int layer = 0; layer < config.layers(); layer++) {
        layers.add(layer("model.layers." + layer + "."));
      }
      stream.synchronize();
      DeviceLinear projection =
          new DeviceLinear(
              output.weights(), 0, hidden, config.vocabularySize(), GemmType.BF16_TO_F32);
      return new DeviceWeights(memory, embedding.weights(), outputNorm, projection, layers);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private LayerWeights layer(String prefix) {
    int hidden = config.hiddenSize();
    int queries = config.attentionHeads() * config.headSize();
    int keys = config.keyValueHeads() * config.headSize();
    int intermediate = config.intermediateSize();
    String attention = prefix + "self_attn.";
    String feedForward = prefix + "mlp.";
    return new LayerWeights(
        vector(new Part(prefix + "input_layernorm.weight", hidden)),
        linear(
            type,
            hidden,
            new Part(attention + "q_proj.weight", queries),
            new Part(attention + "k_proj.weight", keys),
            new Part(attention + "v_proj.weight", keys)),
        config.queryKeyValueBias()
            ? vector(
                new Part(attention + "q_proj.bias", queries),
                new Part(attention + "k_proj.bias", keys),
                new Part(attention + "v_proj.bias", keys))
            : 0,
        config.queryKeyNorm() ? vector(new Part(attention + "q_norm.weight", headSize())) : 0,
        config.queryKeyNorm() ? vector(new Part(attention + "k_norm.weight", headSize())) : 0,
        linear(type, queries, new Part(attention + "o_proj.weight", hidden)),
        config.outputBias() ? vector(new Part(attention + "o_proj.bias", hidden)) : 0,
        vector(new Part(prefix + "post_attention_layernorm.weight", hidden)),
        linear(
            type,
            hidden,
            new Part(feedForward + "gate_proj.weight", intermediate),
            new Part(feedForward + "up_proj.weight", intermediate)),
        linear(type, intermediate, new Part(feedForward + "down_proj.weight", hidden)));
  }

  private int headSize() {
    return config.headSize();
  }

  private DeviceLinear linear(GemmType linearType, int inputs, Part... parts) {
    int outputs = 0;
    for (Part part : parts) {
      outputs += part.rows();
    }
    long weights = memory.take((long) inputs * outputs * linearType.inputBytes());
    boolean fp8 = linearType == GemmType.FP8;
    long scales = fp8 ? memory.take(outputs) : 0;
    DeviceLinear linear = new DeviceLinear(weights, scales, inputs, outputs, linearType);
    int first = 0;
    for (Part part : parts) {
      DeviceLinear target = linear.outputs(first, part.rows());
      if (fp8) {
        quantise(part.tensor(), target);
      } else {
        source.rows(part.tensor(), inputs, 0, part.rows(), target.weights());
      }
      first += part.rows();
    }
    return linear;
  }

  private void quantise(String tensor, DeviceLinear target) {
    int rowBytes = target.inputs() * Short.BYTES;
    int chunk = Math.toIntExact(Math.max(1, UNQUANTISED_BYTES / rowBytes));
    String name = "quantize_channels";
    CudaKernel kernel =
        kernels.kernel(KernelSource.resource("quantize", Map.of("COLUMNS", target.inputs())), name);
    try (DeviceMemory rows =
            new DeviceMemory(stream.device(), "rows to quantise", (long) chunk * rowBytes);
        KernelArguments arguments = new KernelArguments()) {
      for (int done = 0; done < target.outputs(); done += chunk) {
        DeviceLinear part = target.outputs(done, Math.min(chunk, target.outputs() - done));
        source.rows(tensor, target.inputs(), done, part.outputs(), rows.address());
        kernel.launch(
            stream,
            RowLaunch.of(name, part.outputs(), target.inputs()),
            arguments
                .begin()
                .address(rows.address())
                .address(part.weights())
                .address(part.scales()));
      }
      stream.synchronize();
    }
  }

  /** One f32 vector of several tensors. */
  private long vector(Part... parts) {
    int count = 0;
    for (Part part : parts) {
      count += part.rows();
    }
    try (PinnedMemory host = new PinnedMemory(stream.device(), count * Float.BYTES)) {
      var elements = host.buffer().asFloatBuffer();
      for (Part part : parts) {
        elements.put(source.vector(part.tensor(), part.rows()));
      }
      long target = memory.take((long) count * Float.BYTES);
      stream.copyToDevice(host, target, (long) count * Float.BYTES);
      stream.synchronize();
      return target;
    }
  }
}
