package io.nightshift.runtime.cuda.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import java.util.List;
import java.util.Random;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.global.cublas;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * GEMMs that add to their target, with every algorithm that cuBLASLt names for them, against exact
 * sums in some of the places. All numbers are whole 128ths, so that only the sums are rounded. Rows
 * behind the last one are NaN, which must stay there.
 */
@Tag("gpu")
class GemmAdditionTest {
  private static final int BYTES = 192 << 20;
  private static final long WORKSPACE_BYTES = 64L << 20;
  private static final int NAN = 0xFFFF;
  private static final int PLACES = 2_000;

  private final Random random = new Random(11);

  /** A matrix of bf16 in the host's memory. */
  private record Matrix(short[] bits, int columns) {
    double get(int row, int column) {
      return value(bits[row * columns + column]);
    }

    static double value(short bits) {
      return Float.intBitsToFloat(bits << 16);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 4096, 4096, 1",
    "7, 14336, 4096, 1",
    "200, 4096, 4096, 0.25",
    "1000, 14336, 4096, 1",
    "1, 576, 576, 0.5",
    "100, 1536, 576, 1"
  })
  void everyAlgorithmAddsToWhatIsThere(int rows, int inputs, int outputs, float multiplier) {
    Gemm shape =
        new Gemm(Gemm.roundRows(rows), inputs, outputs, GemmType.BF16).adding().times(multiplier);
    Matrix weights = random(outputs, inputs, outputs);
    Matrix source = random(shape.rows(), inputs, rows);
    Matrix before = random(shape.rows(), outputs, rows);
    cublasLtContext handle = new cublasLtContext();
    assertThat(cublas.cublasLtCreate(handle)).isEqualTo(cublas.CUBLAS_STATUS_SUCCESS);
    try (CudaDevice device = CudaDevice.open(0);
        CudaStream stream = new CudaStream(device);
        DeviceMemory memory = new DeviceMemory(device, "a GEMM's test", BYTES);
        DeviceMemory workspace = new DeviceMemory(device, "a workspace", WORKSPACE_BYTES);
        PinnedMemory staging = new PinnedMemory(device, BYTES);
        GemmPlan plan = new GemmPlan(device, handle, shape, workspace)) {
      DeviceMatrix kept = upload(before, memory, staging, stream);
      GemmOperands operands =
          new GemmOperands(
              upload(weights, memory, staging, stream),
              upload(source, memory, staging, stream),
              memory.takeMatrix(shape.rows(), outputs, DeviceElementType.BF16));
      DeviceMatrix target = operands.target();
      List<Algorithm> candidates = plan.candidates();
      int ran = 0;
      for (Algorithm candidate : candidates) {
        stream.copy(kept.address(), target.address(), kept.bytes());
        try (cublasLtMatmulAlgo_t algorithm = candidate.toOpaque()) {
          if (plan.tryRun(stream, operands, algorithm) != cublas.CUBLAS_STATUS_SUCCESS) {
            continue;
          }
        }
        ran++;
        stream.copyToHost(target.address(), staging, 0, target.bytes());
        stream.synchronize();
        double error = error(shape, weights, source, before, rows, staging);
        assertThat(error).as("error of %s with %s", shape, candidate).isLessThan(5e-3);
      }
      System.out.printf("%s: %d of %d algorithms ran%n", shape, ran, candidates.size());
      assertThat(ran).isPositive();
    } finally {
      cublas.cublasLtDestroy(handle);
    }
  }

  /** Norm of the differences over that of the exact sums; rounding to bf16 alone makes 1.7e-3. */
  private double error(
      Gemm shape, Matrix weights, Matrix source, Matrix before, int rows, PinnedMemory result) {
    double differences = 0;
    double squares = 0;
    for (int i = 0; i < PLACES; i++) {
      int row = random.nextInt(rows);
      int output = random.nextInt(before.columns());
      double exact = before.get(row, output);
      for (int input = 0; input < source.columns(); input++) {
        exact += shape.multiplier() * source.get(row, input) * weights.get(output, input);
      }
      short bits = result.buffer().getShort((row * before.columns() + output) * Short.BYTES);
      double difference = Matrix.value(bits) - exact;
      differences += difference * difference;
      squares += exact * exact;
    }
    return Math.sqrt(differences / squares);
  }

  /** Whole 128ths from -1 to 1 in the first rows, and NaN in those behind. */
  private Matrix random(int rows, int columns, int filled) {
    short[] bits = new short[rows * columns];
    for (int i = 0; i < bits.length; i++) {
      float number = (random.nextInt(257) - 128) / 128f;
      bits[i] = (short) (i < filled * columns ? Float.floatToRawIntBits(number) >>> 16 : NAN);
    }
    return new Matrix(bits, columns);
  }

  private static DeviceMatrix upload(
      Matrix matrix, DeviceMemory memory, PinnedMemory staging, CudaStream stream) {
    int columns = matrix.columns();
    DeviceMatrix target =
        memory.takeMatrix(matrix.bits().length / columns, columns, DeviceElementType.BF16);
    staging.buffer().asShortBuffer().put(matrix.bits());
    stream.copyToDevice(staging, target.address(), target.bytes());
    stream.synchronize();
    return target;
  }
}
