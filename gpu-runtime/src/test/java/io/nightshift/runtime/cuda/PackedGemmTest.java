package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.cuda.PackedGemmMethod.Fused;
import io.nightshift.runtime.cuda.PackedGemmMethod.Unpacked;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.cuda.kernels.PackedGemmKernels;
import io.nightshift.runtime.cuda.kernels.PackedGemmTile;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.GatedMlpWeights;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorEncodings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * GEMMs of packed weights in every way to compute them, against one another: the kernels have their
 * own tests against references.
 */
@Tag("gpu")
class PackedGemmTest {
  private static final ModelConfig CONFIG = PlainLlama.config(2, 512, 8, 2, 64, 1024, 64, 256, 1);
  private static final int MOST_ROWS = 300;
  private static final List<Integer> ROW_COUNTS = List.of(1, 33, 130, MOST_ROWS);
  private static final List<Integer> ROUNDED = ROW_COUNTS.stream().map(Gemm::roundRows).toList();

  private static final boolean[] BOTH = {false, true};

  /** Sums of the same weights and rows are rounded to bf16, some in two parts. */
  private static final double ERROR = 6e-3;

  /** Queries, keys and gates in 4 bits; 8 bits of others are packed if products are bf16. */
  private static final TensorEncodings MIXED =
      tensor ->
          !tensor.endsWith("_proj.weight")
              ? Optional.empty()
              : Optional.of(
                  tensor.contains("v_proj") || tensor.contains("up_proj")
                      ? new Quantization(CodeType.INT8, 16, false)
                      : new Quantization(CodeType.UINT4, 32, true));

  @TempDir private Path cacheFolder;
  private final Random random = new Random(4);

  @ParameterizedTest
  @EnumSource(names = {"BF16", "FP8"})
  void allMethodsComputeTheSame(GemmType type) throws IOException {
    try (CudaDevice device = CudaDevice.open(0);
        CudaStream stream = new CudaStream(device);
        KernelLibrary library = new KernelLibrary(device, cacheFolder);
        DeviceWeights weights = DeviceWeights.random(CONFIG, type, MIXED, stream, library);
        GemmLibrary dense = new GemmLibrary(device, cacheFolder);
        PackedGemm packed = new PackedGemm(library, stream, dense, weights, cacheFolder);
        DeviceMemory memory = new DeviceMemory(device, "rows", 16 << 20);
        PinnedMemory staging = new PinnedMemory(device, 2 << 20)) {
      boolean hopper = PackedGemmKernels.runsOn(device);
      assertThat(weights.hasTiles()).isEqualTo(hopper);
      for (Linears linears : linears(weights)) {
        DeviceLinear linear = linears.first();
        // Of layers that have 8-bit codes for fp8 products, a part is dense, and none is tiled.
        boolean whole = linears.parts() == 1;
        assertThat(linear.isTiled()).isEqualTo(hopper && (whole || type == GemmType.BF16));
        DeviceMatrix source = memory.takeMatrix(MOST_ROWS + 20, linear.inputs(), type.inputType());
        fill(stream, staging, source);
        DeviceMatrix target =
            memory.takeMatrix(MOST_ROWS + 20, linear.outputs(), DeviceElementType.BF16);
        // Sums of 8-bit numbers are scaled before they are added.
        for (boolean adds : type == GemmType.FP8 ? new boolean[] {false} : BOTH) {
          LayerGemm gemm = new LayerGemm(linear, source, target, adds, adds ? 0.5f : 1);
          LayerGemm other = gemm.with(linears.second());
          prepare(stream, dense, packed, List.of(gemm, other));
          for (int rows : ROW_COUNTS) {
            compare(stream, staging, packed, gemm, rows);
            assertThat(packed.seconds(gemm, rows)).isPositive();
          }
        }
        assertThatThrownBy(() -> packed.run(LayerGemm.overwriting(linear, source, target), 77))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("not prepared");
      }
      try (Stream<Path> files = Files.list(cacheFolder)) {
        assertThat(files.anyMatch(file -> file.getFileName().toString().startsWith("packed-gemm-")))
            .isEqualTo(hopper);
      }
    }
  }

  /** A linear layer of two decoder layers. */
  private record Linears(DeviceLinear first, DeviceLinear second, int parts) {}

  /** Whole layers, and those of some outputs, as the last layer of a model has them. */
  private static List<Linears> linears(DeviceWeights weights) {
    List<DeviceLinear> qkv =
        weights.layers().stream().map(layer -> layer.attention().queryKeyValue()).toList();
    List<DeviceLinear> gateUps =
        weights.layers().stream()
            .map(layer -> ((GatedMlpWeights) layer.feedForward()).gateUp())
            .toList();
    List<DeviceLinear> outputs =
        weights.layers().stream().map(layer -> layer.attention().output()).toList();
    return List.of(
        new Linears(qkv.get(0), qkv.get(1), 2),
        new Linears(qkv.get(0).outputs(512, 256), qkv.get(1).outputs(512, 256), 2),
        new Linears(gateUps.get(0), gateUps.get(1), 2),
        new Linears(outputs.get(0), outputs.get(1), 1));
  }

  private static void prepare(
      CudaStream stream, GemmLibrary dense, PackedGemm packed, List<LayerGemm> same) {
    dense.prepare(
        stream,
        ROUNDED.stream().map(same.get(0)::shape).toList(),
        same.stream().map(gemm -> gemm.with(packed.unpack(gemm.linear())).operands()).toList());
    packed.prepare(same, ROUNDED);
  }

  private static void compare(
      CudaStream stream, PinnedMemory staging, PackedGemm packed, LayerGemm gemm, int rows) {
    float[] expected = output(stream, staging, packed, new Unpacked(), gemm, rows);
    assertClose(
        output(stream, staging, packed, packed.method(gemm.linear(), rows), gemm, rows), expected);
    if (gemm.linear().isTiled()) {
      for (PackedGemmTile tile : PackedGemmTile.candidates(rows)) {
        assertClose(output(stream, staging, packed, new Fused(tile, 1), gemm, rows), expected);
      }
    }
  }

  private static float[] output(
      CudaStream stream,
      PinnedMemory staging,
      PackedGemm packed,
      PackedGemmMethod method,
      LayerGemm gemm,
      int rows) {
    DeviceMatrix target = gemm.target();
    // Ones if they are added to, otherwise NaN.
    ByteBuffer content = staging.buffer();
    while (content.position() < target.bytes()) {
      content.putShort((short) (gemm.adds() ? 0x3F80 : 0xFFFF));
    }
    stream.copyToDevice(staging, target.address(), target.bytes());
    packed.run(method, gemm, rows);
    stream.copyToHost(target.address(), staging, 0, target.bytes());
    stream.synchronize();
    ByteBuffer bytes = staging.buffer();
    float[] values = new float[rows * target.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bytes.getShort() << 16);
    }
    return values;
  }

  private static void assertClose(float[] actual, float[] expected) {
    double differences = 0;
    double squares = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = actual[i] - expected[i];
      differences += difference * difference;
      squares += (double) expected[i] * expected[i];
    }
    assertThat(Math.sqrt(differences / squares)).isLessThan(ERROR);
  }

  /** Numbers from -2 to 2, in bf16 or e4m3. */
  private void fill(CudaStream stream, PinnedMemory staging, DeviceMatrix source) {
    ByteBuffer bytes = staging.buffer();
    while (bytes.position() < source.bytes()) {
      if (source.type() == DeviceElementType.E4M3) {
        bytes.put((byte) (random.nextInt(64) | random.nextInt(2) << 7));
      } else {
        float value = 4 * random.nextFloat() - 2;
        bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
    }
    stream.copyToDevice(staging, source.address(), source.bytes());
    stream.synchronize();
  }
}
