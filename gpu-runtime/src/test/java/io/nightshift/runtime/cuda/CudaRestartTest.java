package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A runner that is closed leaves nothing behind: neither device memory nor open files. {@code
 * -Dnightshift.starts=N} makes other than 1,000 starts.
 */
@Tag("gpu")
class CudaRestartTest {
  private static final int STARTS = Integer.getInteger("nightshift.starts", 1000);

  /** Starts in which libraries take what they keep for the process. */
  private static final int FIRST_STARTS = 20;

  /** What 17 KB a start would add up to. */
  private static final long DEVICE_BYTES = 16L << 20;

  private static final ModelConfig MODEL = PlainLlama.config(1, 64, 2, 1, 32, 64, 64, 64, 1);

  private static final EngineConfig OPTIONS =
      EngineConfig.cuda().withKvCacheTokens(64).withMaxStepTokens(8).withLogitsRows(8);

  @Test
  void aThousandStartsLeaveNothingBehind() throws IOException {
    assertThat(VisibleGpus.ofThisHost().gpus()).isNotEmpty();
    // The context outlives the runners, as all that leaks in it does.
    CUctx_st context = new CUctx_st();
    assertThat(cudart.cuDevicePrimaryCtxRetain(context, 0)).isEqualTo(cudart.CUDA_SUCCESS);
    try {
      start(FIRST_STARTS);
      long free = freeMemory(context);
      long files = openFiles();
      start(STARTS);
      long leaked = free - freeMemory(context);
      System.out.printf(
          "%d starts: %d bytes of device memory, %d open files more%n",
          STARTS, leaked, openFiles() - files);
      assertThat(leaked).isLessThan(DEVICE_BYTES);
      assertThat(openFiles()).isLessThanOrEqualTo(files);
    } finally {
      cudart.cuDevicePrimaryCtxRelease(0);
    }
  }

  private static void start(int times) {
    StepSequence sequence = new StepSequence(new int[] {1, 2, 3}, 3, new int[] {0}, null);
    StepBatch step =
        new StepBatch(List.of(sequence), List.of(), List.of(new LogitsRequest(2, null)));
    for (int i = 0; i < times; i++) {
      try (ModelRunner runner = CudaModelRunner.withRandomWeights(MODEL, OPTIONS)) {
        runner.run(step);
      }
    }
  }

  private static long freeMemory(CUctx_st context) {
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer total = new SizeTPointer(1)) {
      assertThat(cudart.cuCtxSetCurrent(context)).isEqualTo(cudart.CUDA_SUCCESS);
      assertThat(cudart.cuMemGetInfo(free, total)).isEqualTo(cudart.CUDA_SUCCESS);
      return free.get();
    }
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
