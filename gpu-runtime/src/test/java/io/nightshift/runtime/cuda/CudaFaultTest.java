package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of the device and the memory, and what comes after them in the same process. */
@Tag("gpu")
class CudaFaultTest {
  private static final EngineConfig OPTIONS =
      EngineConfig.cuda().withKvCacheTokens(1024).withMaxStepTokens(64);

  @Test
  void aLostDeviceIsLostToItsProcessOnly() throws Exception {
    TestProgram.requireSuccess(FaultyProgram.class);
    try (ModelRunner runner = open()) {
      assertThat(logits(runner)).isNotEmpty();
    }
  }

  /** Loses its device in the middle of a run, and checks how it learns of that. */
  static final class FaultyProgram {
    private FaultyProgram() {}

    public static void main(String... arguments) {
      try (ModelRunner runner = open()) {
        logits(runner);
        FaultyKernel.writeWhereNoMemoryIs();
        assertLost(() -> logits(runner));
      }
      assertLost(CudaFaultTest::open);
    }

    private static void assertLost(ThrowableAssert.ThrowingCallable call) {
      assertThatThrownBy(call)
          .isInstanceOf(DeviceLostException.class)
          .hasMessageContainingAll("GPU 0", "CUDA_ERROR_ILLEGAL_ADDRESS", "has lost the device");
    }
  }

  @Test
  void aCacheThatDoesNotFitIsRefusedWithAllFigures() {
    assertThatThrownBy(
            () ->
                CudaModelRunner.withRandomWeights(
                    ModelShape.LLAMA_1B.config(), OPTIONS.withKvCacheTokens(1_000_000_000)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("GPU 0", "GiB more than", "of weights", "of KV cache");
    open().close();
  }

  @Test
  void aSecondEngineOnTheSameDeviceIsRefused() {
    try (ModelRunner first = open()) {
      assertThatThrownBy(CudaFaultTest::open)
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("held by another engine");
      assertThat(logits(first)).isNotEmpty();
    }
  }

  private static ModelRunner open() {
    return CudaModelRunner.withRandomWeights(CudaPrecisionTest.CONFIG, OPTIONS);
  }

  private static float[] logits(ModelRunner runner) {
    StepSequence sequence = new StepSequence(new int[] {3, 1, 4, 1, 5}, 5, new int[] {2}, null);
    float[] row = new float[runner.config().vocabularySize()];
    runner
        .run(new StepBatch(List.of(sequence), List.of(), List.of(new LogitsRequest(4, null))))
        .read(0, row);
    return row;
  }
}
