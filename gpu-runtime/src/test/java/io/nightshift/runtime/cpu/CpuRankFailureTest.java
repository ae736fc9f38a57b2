package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TinyModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** What CPU ranks leave behind, and what happens if one of them fails or hangs. */
class CpuRankFailureTest {
  private static final EngineConfig OPTIONS = CpuRanks.options(2, 2);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** A token at which a rank fails. */
  private static final int TOKEN = 77;

  private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

  @Test
  void aRankThatFailsInTheMiddleOfAStepIsNamed() throws InterruptedException {
    long memory = NativeMemory.allocatedBytes();
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner =
            runner(
                files,
                LONG,
                () -> {
                  throw new IllegalStateException("the embedding is gone");
                })) {
      runner.run(step(96, 1));
      assertThatThrownBy(() -> runner.run(step(96, TOKEN)))
          .isInstanceOf(DeviceLostException.class)
          .hasMessageStartingWith("Step 2 (96 tokens of 1 sequences) failed on rank 1 (CPU): ")
          .hasMessageContaining("the embedding is gone")
          .hasRootCauseMessage("the embedding is gone");
    }
    awaitEndOfThreads();
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(memory);
  }

  @Test
  void aRankThatHangsIsNamed() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    try (ModelFiles files = TinyModel.LLAMA.open()) {
      try (ModelRunner runner = runner(files, SHORT, () -> await(end))) {
        assertThatThrownBy(() -> runner.run(step(96, TOKEN)))
            .isInstanceOf(DeviceLostException.class)
            .hasMessageStartingWith(
                "Step 1 (96 tokens of 1 sequences) was not done in 2.0 s by rank 1 (CPU). ");
      }
      end.countDown();
      awaitEndOfThreads();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRankTakesItsShareOfTheMemoryLimit() throws InterruptedException {
    long memory = NativeMemory.allocatedBytes();
    try (ModelFiles files = TinyModel.LLAMA.open()) {
      assertThatThrownBy(() -> CpuTensorParallel.runner(files, OPTIONS.withMemoryLimit(1 << 20)))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("The limit is 0.5 MiB");
    }
    awaitEndOfThreads();
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(memory);
  }

  @Test
  void ranksTakeNoMoreThanTheyPlanned() {
    for (TinyModel model : List.of(TinyModel.LLAMA, TinyModel.GEMMA2, TinyModel.GPT_OSS)) {
      long before = NativeMemory.allocatedBytes();
      List<Long> planned = Collections.synchronizedList(new ArrayList<>());
      try (ModelFiles files = model.open()) {
        CpuCollective collective = new CpuCollective(files.config(), 2, OPTIONS.maxStepTokens());
        try (ModelRunner runner =
            new TensorParallelRunner(
                files.config(),
                List.of("CPU", "CPU"),
                context -> {
                  CpuModelRunner rank =
                      CpuTensorParallel.rank(files, OPTIONS, collective, context.rank());
                  planned.add(rank.plannedBytes());
                  return rank;
                },
                collective,
                LONG)) {
          runner.run(step(96, 1));
          assertThat(NativeMemory.allocatedBytes() - before)
              .isPositive()
              .isLessThanOrEqualTo(planned.stream().mapToLong(Long::longValue).sum());
        }
      }
      assertThat(NativeMemory.allocatedBytes()).isEqualTo(before);
    }
  }

  @Test
  void startingAndStoppingLeavesNothingBehind() throws InterruptedException {
    try (ModelFiles files = TinyModel.LLAMA.open()) {
      startAndStop(files, 5);
      awaitEndOfThreads();
      long allocated = NativeMemory.allocatedBytes();
      long tracked = Pointer.totalBytes();
      startAndStop(files, 200);
      awaitEndOfThreads();
      assertThat(NativeMemory.allocatedBytes()).isEqualTo(allocated);
      assertThat(Pointer.totalBytes()).isEqualTo(tracked);
    }
  }

  private static void startAndStop(ModelFiles files, int times) {
    for (int i = 0; i < times; i++) {
      try (ModelRunner runner = CpuTensorParallel.runner(files, OPTIONS)) {
        if (i % 20 == 0) {
          runner.run(step(96, 1));
        }
      }
    }
  }

  /** Two ranks, of which the second one does something when it looks up {@link #TOKEN}. */
  private static TensorParallelRunner runner(ModelFiles files, Duration timeout, Runnable atToken) {
    CpuCollective collective = new CpuCollective(files.config(), 2, OPTIONS.maxStepTokens());
    ModelFiles acting = new ActingModelFiles(files, TOKEN, atToken);
    return new TensorParallelRunner(
        files.config(),
        List.of("CPU", "CPU"),
        context ->
            CpuTensorParallel.rank(
                context.rank() == 1 ? acting : files, OPTIONS, collective, context.rank()),
        collective,
        timeout);
  }

  private static StepBatch step(int length, int last) {
    int[] tokens = IntStream.range(0, length).map(i -> i % 50).toArray();
    tokens[length - 1] = last;
    int[] blocks = IntStream.range(0, 12).toArray();
    return new StepBatch(
        List.of(new StepSequence(tokens, length, blocks, null)),
        List.of(),
        List.of(new LogitsRequest(length - 1, null)));
  }

  /** A pool's threads end some time after it was shut down. */
  private void awaitEndOfThreads() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!threadsBefore.contains(thread) && thread.getName().startsWith("nightshift-")) {
        thread.join(TimeUnit.MINUTES.toMillis(1));
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }
}
