package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of a rank, and what ranks leave behind. {@code -Dnightshift.starts=N}: other than 20. */
@Tag("gpu")
@Tag("two-gpus")
class CudaRankFaultTest {
  private static final int STARTS = Integer.getInteger("nightshift.starts", 20);

  /** Starts in which libraries take what they keep for the process. */
  private static final int FIRST_STARTS = 5;

  /** The driver takes memory in pieces of 2 MiB; a forgotten KV cache has 16 MiB each time. */
  private static final long DEVICE_BYTES = 4L << 20;

  private static final ModelConfig MODEL = PlainLlama.config(2, 256, 8, 4, 64, 512, 512, 512, 1);

  private static final EngineConfig OPTIONS =
      EngineConfig.cuda()
          .withGpus(List.of(0, 1))
          .withKvCacheTokens(16_384)
          .withMaxStepTokens(64)
          .withLogitsRows(64);

  @Test
  void aRankThatLosesItsDeviceTakesTheGroupDownAtOnce() throws Exception {
    TestProgram.requireSuccess(FaultyProgram.class);
    try (TensorParallelRunner runner = open()) {
      assertThat(logits(runner)).isNotEmpty();
    }
  }

  /** Loses the device of a rank in the middle of a run, while the other waits for it. */
  static final class FaultyProgram {
    private FaultyProgram() {}

    public static void main(String... arguments) {
      long begin = System.nanoTime();
      try (TensorParallelRunner runner = open()) {
        logits(runner);
        runner.ofRank(
            1,
            rank -> {
              FaultyKernel.writeWhereNoMemoryIs();
              return true;
            });
        assertThatThrownBy(() -> logits(runner))
            .isInstanceOf(DeviceLostException.class)
            .hasMessageContainingAll("Step 2 (5 tokens of 1 sequences)", "rank 1 (GPU 1)");
        assertThatThrownBy(() -> logits(runner)).isInstanceOf(DeviceLostException.class);
      }
      // Far less than the time after which a rank counts as hanging.
      assertThat(System.nanoTime() - begin)
          .isLessThan(TensorParallelRunner.DEFAULT_TIMEOUT.toNanos() / 2);
    }
  }

  @Test
  void groupsThatAreClosedLeaveNothingOnTheirGpus() {
    try (PrimaryContexts contexts = new PrimaryContexts(2)) {
      starts(FIRST_STARTS);
      List<Long> before = contexts.freeMemory();
      int threads = Thread.activeCount();
      starts(STARTS);
      List<Long> after = contexts.freeMemory();
      System.out.printf("%d starts: free memory %s before, %s after%n", STARTS, before, after);
      for (int gpu = 0; gpu < before.size(); gpu++) {
        assertThat(before.get(gpu) - after.get(gpu)).as("GPU %s", gpu).isLessThan(DEVICE_BYTES);
      }
      assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    }
  }

  private static void starts(int count) {
    for (int i = 0; i < count; i++) {
      try (TensorParallelRunner runner = open()) {
        assertThat(logits(runner)).isNotEmpty();
      }
    }
  }

  private static TensorParallelRunner open() {
    return CudaTensorParallel.withRandomWeights(MODEL, OPTIONS);
  }

  private static float[] logits(TensorParallelRunner runner) {
    StepSequence sequence = new StepSequence(new int[] {3, 1, 4, 1, 5}, 5, new int[] {2}, null);
    float[] row = new float[runner.config().vocabularySize()];
    runner
        .run(new StepBatch(List.of(sequence), List.of(), List.of(new LogitsRequest(4, null))))
        .read(0, row);
    return row;
  }
}
