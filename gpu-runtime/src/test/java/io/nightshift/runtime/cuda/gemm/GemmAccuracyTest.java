package io.nightshift.runtime.cuda.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.E4m3;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sums of 8-bit GEMMs against exact ones: the error of accumulation and rounding to bf16 cost. The
 * latter alone is 1.7e-3.
 */
@Tag("gpu")
class GemmAccuracyTest {
  private static final int ROWS = 128;
  private static final int OUTPUTS = 256;
  private static final int BYTES = 32 << 20;

  @TempDir Path cacheFolder;
  private final Random random = new Random();

  @ParameterizedTest
  @CsvSource({"4096, 0", "14336, 0", "4096, 0.5", "14336, 0.5"})
  void sumsOfEightBitNumbersAreRight(int inputs, double mean) {
    byte[] weights = normal(OUTPUTS * inputs, 0);
    byte[] rows = normal(ROWS * inputs, mean);
    float[] sums = multiply(weights, rows, inputs);
    double differences = 0;
    double squares = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int output = 0; output < OUTPUTS; output++) {
        double exact = 0;
        for (int i = 0; i < inputs; i++) {
          exact += E4m3.value(rows[row * inputs + i]) * E4m3.value(weights[output * inputs + i]);
        }
        double difference = sums[row * OUTPUTS + output] - exact;
        differences += difference * difference;
        squares += exact * exact;
      }
    }
    double error = Math.sqrt(differences / squares);
    System.out.printf("%d inputs of mean %.1f: error %.2e%n", inputs, mean, error);
    assertThat(error).isLessThan(5e-3);
  }

  private float[] multiply(byte[] weights, byte[] rows, int inputs) {
    Gemm shape = new Gemm(ROWS, inputs, OUTPUTS, GemmType.FP8);
    int resultBytes = ROWS * OUTPUTS * Short.BYTES;
    try (CudaDevice device = CudaDevice.open(0);
        CudaStream stream = new CudaStream(device);
        DeviceMemory memory = new DeviceMemory(device, "a GEMM's test", BYTES);
        PinnedMemory staging = new PinnedMemory(device, BYTES);
        GemmLibrary gemms = new GemmLibrary(device, cacheFolder)) {
      GemmOperands operands =
          new GemmOperands(
              upload(weights, memory, staging, stream).asRows(inputs),
              upload(rows, memory, staging, stream).asRows(inputs),
              memory.takeMatrix(ROWS, OUTPUTS, DeviceElementType.BF16));
      gemms.prepare(stream, List.of(shape), List.of(operands));
      gemms.multiply(stream, shape, operands);
      stream.copyToHost(operands.target().address(), staging, 0, resultBytes);
      stream.synchronize();
      float[] result = new float[ROWS * OUTPUTS];
      for (int i = 0; i < result.length; i++) {
        result[i] = Float.intBitsToFloat(staging.buffer().getShort(i * Short.BYTES) << 16);
      }
      return result;
    }
  }

  private static DeviceVector upload(
      byte[] bytes, DeviceMemory memory, PinnedMemory staging, CudaStream stream) {
    DeviceVector target = memory.takeVector(bytes.length, DeviceElementType.E4M3);
    staging.buffer().clear().put(bytes);
    stream.copyToDevice(staging, target.address(), target.bytes());
    stream.synchronize();
    return target;
  }

  private byte[] normal(int count, double mean) {
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] = E4m3.nearest(64 * (random.nextGaussian() + mean));
    }
    return values;
  }
}
