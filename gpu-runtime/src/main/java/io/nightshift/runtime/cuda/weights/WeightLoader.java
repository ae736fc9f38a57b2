package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.PackedGemmKernels;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.cuda.kernels.QuantizeKernels;
import io.nightshift.runtime.cuda.kernels.TileFormat;
import io.nightshift.runtime.cuda.kernels.TiledWeights;
import io.nightshift.runtime.cuda.kernels.UnpackKernels;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.QueryKeyNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Allocates the weights of a model together and loads them. */
final class WeightLoader {
  /** Size of the buffer for bf16 rows that are to be quantized. */
  private static final long UNQUANTIZED_BYTES = 64L << 20;

  private final ModelConfig config;
  private final WeightLayout layout;
  private final WeightSource source;
  private final CudaStream stream;
  private final KernelLibrary library;
  private final UnpackKernels unpack;
  private final TiledRowsLoader tiledRows;
  private final DeviceMemory memory;

  WeightLoader(
      ModelConfig config,
      GemmType type,
      WeightSource source,
      CudaStream stream,
      KernelLibrary library) {
    this.config = config;
    this.source = source;
    this.stream = stream;
    this.library = library;
    boolean tiles = PackedGemmKernels.runsOn(stream.device());
    layout = new WeightLayout(config, type, source.encodings(), tiles);
    unpack = new UnpackKernels(library, stream);
    tiledRows = new TiledRowsLoader(source, stream, library, unpack);
    memory = new DeviceMemory(stream.device(), "the weights", layout.bytes());
  }

  DeviceWeights load() {
    try {
      int hidden = config.hiddenSize();
      DeviceMatrix embedding = load(layout.embedding()).weights();
      DeviceMatrix output =
          config.tiedEmbeddings() ? embedding : load(layout.outputProjection()).weights();
      DeviceVector finalNorm = vector(List.of(TensorRows.all("model.norm.weight", hidden)));
      List<DeviceLayerWeights> layers = new ArrayList<>();
      for (int layer = 0; layer < config.layerCount(); layer++) {
        layers.add(layer(layer));
      }
      stream.synchronize();
      DeviceLinear projection = DeviceLinear.dense(output, null, GemmType.BF16_TO_F32);
      return new DeviceWeights(
          memory,
          embedding,
          finalNorm,
          projection,
          layers,
          layout.unpackedBytes(),
          layout.hasTiles());
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private DeviceLayerWeights layer(int layer) {
    String prefix = "model.layers." + layer + ".";
    NormPlacement norms = config.normPlacement();
    LayerTensors tensors = new LayerTensors(config, layer);
    return new DeviceLayerWeights(
        norms(prefix, norms.attentionInput(), norms.attentionOutput()),
        attention(tensors, prefix + "self_attn."),
        norms(prefix, norms.feedForwardInput(), norms.feedForwardOutput()),
        feedForward(tensors, prefix + "mlp.", config.layers().get(layer).feedForward()));
  }

  private DeviceLayerWeights.PartNorms norms(
      String prefix, Optional<String> input, Optional<String> output) {
    return new DeviceLayerWeights.PartNorms(norm(prefix, input), norm(prefix, output));
  }

  private @Nullable DeviceVector norm(String prefix, Optional<String> name) {
    return name.isPresent()
        ? vector(List.of(TensorRows.all(prefix + name.get() + ".weight", config.hiddenSize())))
        : null;
  }

  private DeviceLayerWeights.AttentionWeights attention(LayerTensors tensors, String prefix) {
    AttentionConfig attention = config.attention();
    int hidden = config.hiddenSize();
    int queries = attention.queryWidth();
    int keys = attention.keyWidth();
    boolean normed = attention.queryKeyNorm() != QueryKeyNorm.NONE;
    boolean eachHead = attention.queryKeyNorm() == QueryKeyNorm.EACH_HEAD;
    return new DeviceLayerWeights.AttentionWeights(
        load(layout.linear(tensors.queryKeyValue())),
        vectorIf(attention.queryKeyValueBias(), tensors.queryKeyValue("bias")),
        vectorIf(normed, prefix + "q_norm.weight", eachHead ? attention.headSize() : queries),
        vectorIf(normed, prefix + "k_norm.weight", eachHead ? attention.headSize() : keys),
        load(layout.linear(tensors.attentionOutput())),
        vectorIf(attention.outputBias(), prefix + "o_proj.bias", hidden),
        vectorIf(attention.sinks(), prefix + "sinks", attention.heads()));
  }

  private FeedForwardWeights feedForward(
      LayerTensors tensors, String prefix, FeedForwardConfig feedForward) {
    if (feedForward instanceof GatedMlpConfig mlp) {
      return new GatedMlpWeights(
          load(layout.linear(tensors.gateUp(mlp))), load(layout.linear(tensors.down(mlp))));
    }
    if (feedForward instanceof ExpertsConfig experts) {
      return experts(tensors, prefix, experts);
    }
    throw new IllegalArgumentException("feed-forward network " + feedForward);
  }

  private ExpertsWeights experts(LayerTensors tensors, String prefix, ExpertsConfig experts) {
    DeviceMatrix router = load(layout.router(tensors.router(experts))).weights();
    return new ExpertsWeights(
        DeviceLinear.dense(router, null, GemmType.BF16_TO_F32),
        vectorIf(experts.bias(), prefix + "gate.bias", experts.experts()),
        load(layout.experts(tensors.gateUp(experts))),
        vectorIf(experts.bias(), tensors.gateUp(experts, "bias")),
        load(layout.experts(tensors.down(experts))),
        vectorIf(experts.bias(), tensors.down(experts, "bias")));
  }

  private DeviceLinear load(LinearLayout linear) {
    boolean fp8 = linear.type() == GemmType.FP8;
    DeviceVector scales = fp8 ? memory.takeVector(linear.outputs(), DeviceElementType.E8M0) : null;
    List<WeightRows> parts = new ArrayList<>();
    int done = 0;
    for (LinearLayout.Part part : linear.parts()) {
      DeviceVector partScales = scales == null ? null : scales.slice(done, part.rows());
      parts.add(
          part.encoding() == null
              ? new WeightRows.Dense(dense(linear, part, partScales))
              : linear.tiled()
                  ? new WeightRows.Tiled(tiled(linear, part, part.encoding(), partScales))
                  : new WeightRows.Packed(packed(linear, part, part.encoding(), partScales)));
      done += part.rows();
    }
    return new DeviceLinear(parts, scales, linear.type());
  }

  private DeviceMatrix dense(
      LinearLayout linear, LinearLayout.Part part, @Nullable DeviceVector scales) {
    DeviceMatrix weights =
        memory.takeMatrix(part.rows(), linear.inputs(), linear.type().inputType());
    if (scales == null) {
      source.rows(part.tensors(), weights);
    } else {
      quantize(part.tensors(), weights, scales);
    }
    return weights;
  }

  private PackedMatrix packed(
      LinearLayout linear,
      LinearLayout.Part part,
      Quantization encoding,
      @Nullable DeviceVector scales) {
    int columns = linear.inputs();
    int rows = part.rows();
    int groups = encoding.groupCount(columns);
    int codeBytes = PackedMatrix.codeBytes(encoding.codes(), columns);
    PackedMatrix matrix =
        new PackedMatrix(
            encoding.codes(),
            columns,
            encoding.groupSize(),
            memory.takeMatrix(rows, codeBytes, DeviceElementType.UINT8),
            memory.takeMatrix(rows, groups, DeviceElementType.F16),
            encoding.hasOffsets() ? memory.takeMatrix(rows, groups, DeviceElementType.F16) : null,
            memory.takeVector(rows, DeviceElementType.F32),
            encoding.groups() instanceof Quantization.ColumnGroups.Listed listed
                ? indexes(listed.ofColumn())
                : null);
    boolean scaled = source.packedRows(part.tensors(), matrix);
    PackedMatrix loaded = scaled ? matrix : matrix.withoutRowScales();
    if (scales != null) {
      unpack.channelScales(loaded, scales);
    }
    return loaded;
  }

  private TiledWeights tiled(
      LinearLayout linear,
      LinearLayout.Part part,
      Quantization encoding,
      @Nullable DeviceVector scales) {
    TileFormat format = linear.tileFormat(encoding);
    long bytes = format.bytes(part.rows(), linear.inputs());
    TiledWeights target =
        new TiledWeights(
            format,
            part.rows(),
            linear.inputs(),
            memory.takeVector(bytes, DeviceElementType.UINT8));
    tiledRows.load(part.tensors(), encoding, scales, target);
    return target;
  }

  private DeviceVector indexes(int[] values) {
    DeviceVector target = memory.takeVector(values.length, DeviceElementType.INT32);
    try (PinnedMemory host = new PinnedMemory(stream.device(), Math.toIntExact(target.bytes()))) {
      host.buffer().asIntBuffer().put(values);
      stream.copyToDevice(host, target.address(), target.bytes());
      stream.synchronize();
    }
    return target;
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

  private @Nullable DeviceVector vectorIf(boolean present, String tensor, int count) {
    return vectorIf(present, List.of(TensorRows.all(tensor, count)));
  }

  /** One f32 vector of several tensors, if the model has them. */
  private @Nullable DeviceVector vectorIf(boolean present, List<TensorRows> parts) {
    return present ? vector(parts) : null;
  }

  /** One f32 vector of several tensors. */
  private DeviceVector vector(List<TensorRows> parts) {
    int count = TensorRows.count(parts);
    try (PinnedMemory host = new PinnedMemory(stream.device(), count * Float.BYTES)) {
      var elements = host.buffer().asFloatBuffer();
      for (TensorRows part : parts) {
        elements.put(source.vector(part.tensor(), part.count()));
      }
      DeviceVector target = memory.takeVector(count, DeviceElementType.F32);
      stream.copyToDevice(host, target.address(), target.bytes());
      stream.synchronize();
      return target;
    }
  }
}
