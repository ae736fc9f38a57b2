package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.random.ModelShape;
import org.junit.jupiter.api.Test;

class GpuCapacityTest {
  private static final long GIBIBYTE = 1L << 30;
  private static final EngineConfig FP8 = EngineConfig.cuda().withDtype(DataType.FP8);

  @Test
  void isWhatWeightsAndActivationsLeave() {
    GpuCapacity capacity =
        GpuCapacity.of(
            80 * GIBIBYTE, ModelShape.LLAMA_70B.config(), TensorEncodings.UNQUANTIZED, FP8);

    long tokenBytes = 2L * 80 * 8 * 128 * Short.BYTES;
    assertThat(capacity.weights()).isBetween(67 * GIBIBYTE, 68 * GIBIBYTE);
    assertThat(capacity.kvCacheTokens() * tokenBytes).isBetween(GIBIBYTE, 11 * GIBIBYTE);
  }

  @Test
  void isNoneIfTheModelDoesNotFit() {
    GpuCapacity capacity =
        GpuCapacity.of(
            60 * GIBIBYTE, ModelShape.LLAMA_70B.config(), TensorEncodings.UNQUANTIZED, FP8);

    assertThat(capacity.kvCacheTokens()).isZero();
    assertThat(capacity.weights()).isGreaterThan(60 * GIBIBYTE);
  }

  @Test
  void aCacheOfASetSizeHasThatSizeOrNone() {
    EngineConfig sized = FP8.withKvCacheTokens(4096);

    assertThat(
            GpuCapacity.of(
                    80 * GIBIBYTE,
                    ModelShape.LLAMA_70B.config(),
                    TensorEncodings.UNQUANTIZED,
                    sized)
                .kvCacheTokens())
        .isEqualTo(4096);
    assertThat(
            GpuCapacity.of(
                    80 * GIBIBYTE,
                    ModelShape.LLAMA_70B.config(),
                    TensorEncodings.UNQUANTIZED,
                    FP8.withKvCacheTokens(1_000_000))
                .kvCacheTokens())
        .isZero();
  }
}
