package io.nightshift.runtime.cuda;

import static io.nightshift.runtime.engine.FinishReason.CHOICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two engines in one process, on two GPUs. {@code -Dnightshift.starts=N} makes other than 20
 * starts.
 */
@Tag("gpu")
@Tag("two-gpus")
class CudaDataParallelTest {
  private static final int STARTS = Integer.getInteger("nightshift.starts", 20);

  /** Starts in which libraries take what they keep for the process. */
  private static final int FIRST_STARTS = 20;

  /** The driver takes memory in pieces of 2 MiB; a forgotten KV cache has 16 MiB each time. */
  private static final long DEVICE_BYTES = 4L << 20;

  private static final int ROWS = 400;
  private static final int VOCABULARY = 512;

  /** Rounding of bf16, in a batch of other rows. */
  private static final double TOLERANCE = 0.01;

  private static final ModelConfig MODEL =
      PlainLlama.config(2, 256, 4, 2, 64, 512, VOCABULARY, 512, 1);

  private static final EngineConfig OPTIONS =
      EngineConfig.cuda().withKvCacheTokens(16_384).withMaxStepTokens(512).withLogitsRows(64);

  private static final Choices CHOICES =
      new Choices(
          List.of("a", "b", "c"), List.of(new int[] {7}, new int[] {9, 3}, new int[] {11}), false);

  @Test
  void twoEnginesAnswerWhatOneDoes() throws Exception {
    List<Request> requests = IntStream.range(0, ROWS).mapToObj(CudaDataParallelTest::row).toList();
    EnginePlaces both = places(new GpuSelection.Indexes(List.of(0, 1)));
    EnginePlaces one = places(new GpuSelection.Indexes(List.of(0)));

    List<Completion> expected = answer(one, List.of(requests));
    List<Completion> answers =
        answer(both, List.of(requests.subList(0, ROWS / 2), requests.subList(ROWS / 2, ROWS)));

    assertThat(answers).hasSize(ROWS).extracting(Completion::finishReason).containsOnly(CHOICE);
    for (int row = 0; row < ROWS; row++) {
      assertThat(answers.get(row).id()).isEqualTo(row);
      assertThat(answers.get(row).choiceProbabilities())
          .containsExactly(expected.get(row).choiceProbabilities(), within(TOLERANCE));
    }
    double[] first = answers.get(0).choiceProbabilities();
    assertThat(answers)
        .as("rows differ, so that a mix-up shows")
        .anySatisfy(
            answer ->
                assertThat(answer.choiceProbabilities()[0])
                    .isNotCloseTo(first[0], within(2 * TOLERANCE)));
  }

  private static Request row(int id) {
    int[] prompt =
        IntStream.range(0, 20 + id % 50).map(i -> (i * 31 + id * 17) % VOCABULARY).toArray();
    return new Request(id, prompt, SamplingParameters.greedy(1), Optional.of(CHOICES));
  }

  @Test
  void aGpuThatIsHeldOrTooSmallIsRefusedAndTheOtherIsNot() {
    EngineConfig first = OPTIONS.withGpu(0);
    EngineConfig second = OPTIONS.withGpu(1);
    try (CudaModelRunner holder = CudaModelRunner.withRandomWeights(MODEL, second)) {
      assertThat(holder.usedDeviceMemory()).isPositive();
      assertThatThrownBy(
              () -> CudaModelRunner.requireRoom(MODEL, TensorEncodings.UNQUANTIZED, second))
          .isInstanceOf(DeviceBusyException.class)
          .hasMessageStartingWith("GPU 1 is held by another engine");
      assertThat(CudaModelRunner.requireRoom(MODEL, TensorEncodings.UNQUANTIZED, first))
          .isPositive();
    }
    assertThat(CudaModelRunner.requireRoom(MODEL, TensorEncodings.UNQUANTIZED, second))
        .isPositive();
    long tooMuch = VisibleGpus.ofThisHost().gpus().get(0).memory();
    assertThatThrownBy(
            () ->
                CudaModelRunner.requireRoom(
                    MODEL, TensorEncodings.UNQUANTIZED, first.withKvCacheMemory(tooMuch)))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("GPU 0 (")
        .hasMessageContaining("more than the");
  }

  @Test
  void gpusOfOneKindThatAreConnectedWorkTogether() {
    List<Gpu> gpus = VisibleGpus.ofThisHost().select(new GpuSelection.Indexes(List.of(0, 1)));

    assertThatCode(() -> GpuGroups.of(gpus, 2).groups().get(0).requireTogether())
        .doesNotThrowAnyException();
  }

  @Test
  void enginesThatAreClosedLeaveNothingOnEitherGpu() throws Exception {
    EnginePlaces both = places(new GpuSelection.Indexes(List.of(0, 1)));
    List<Request> rows = IntStream.range(0, 8).mapToObj(CudaDataParallelTest::row).toList();
    try (PrimaryContexts contexts = new PrimaryContexts(2)) {
      starts(FIRST_STARTS, both, rows);
      List<Long> before = contexts.freeMemory();
      starts(STARTS, both, rows);
      List<Long> after = contexts.freeMemory();

      System.out.printf("%d starts: free memory %s before, %s after%n", STARTS, before, after);
      for (int gpu = 0; gpu < before.size(); gpu++) {
        assertThat(before.get(gpu) - after.get(gpu)).as("GPU %s", gpu).isLessThan(DEVICE_BYTES);
      }
    }
  }

  private static void starts(int count, EnginePlaces places, List<Request> rows) throws Exception {
    for (int i = 0; i < count; i++) {
      assertThat(answer(places, List.of(rows.subList(0, 4), rows.subList(4, 8)))).hasSize(8);
    }
  }

  private static EnginePlaces places(GpuSelection selection) {
    return new EnginePlaces(GpuGroups.of(VisibleGpus.ofThisHost().select(selection), 1).groups());
  }

  /** Answers the rows of each engine, all engines at once, each on a thread of its own; by id. */
  private static List<Completion> answer(EnginePlaces places, List<List<Request>> shares)
      throws Exception {
    CyclicBarrier begin = new CyclicBarrier(shares.size());
    ExecutorService threads = Executors.newFixedThreadPool(shares.size());
    try {
      List<Callable<List<Completion>>> engines = new ArrayList<>();
      for (int engine = 0; engine < shares.size(); engine++) {
        GpuGroup gpu = places.groups().get(engine);
        List<Request> share = shares.get(engine);
        engines.add(() -> answer(places.enter(gpu, OPTIONS), share, begin));
      }
      List<Completion> answers = new ArrayList<>();
      for (Future<List<Completion>> engine : threads.invokeAll(engines)) {
        answers.addAll(engine.get());
      }
      answers.sort(Comparator.comparingLong(Completion::id));
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Completion> answer(
      EngineConfig config, List<Request> rows, CyclicBarrier begin) throws Exception {
    List<Completion> answers = new ArrayList<>();
    try (LlmEngine engine =
        new LlmEngine(CudaModelRunner.withRandomWeights(MODEL, config), tokens -> "", config)) {
      begin.await();
      rows.forEach(engine::add);
      while (engine.hasUnfinished()) {
        answers.addAll(engine.step());
      }
    }
    return answers;
  }
}
