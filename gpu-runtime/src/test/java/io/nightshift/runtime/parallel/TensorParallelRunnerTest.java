package io.nightshift.runtime.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups whose ranks have no model: what happens when one fails, and who calls whom. */
class TensorParallelRunnerTest {
  private static final ModelConfig MODEL = FakeModelRunner.config(33, 64);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final SamplingParameters GREEDY = SamplingParameters.greedy(9);

  private final Link link = new Link();

  private TensorParallelRunner group(int degree, Duration timeout, RankFactory factory) {
    List<String> devices = new ArrayList<>();
    for (int rank = 0; rank < degree; rank++) {
      devices.add("GPU " + (4 + rank));
    }
    return new TensorParallelRunner(MODEL, devices, factory, link, timeout);
  }

  private static FakeModelRunner fake() {
    return new FakeModelRunner(MODEL, 8, 4, 32, 5);
  }

  /** A rank that does something instead of a step. */
  private static ModelRunner rank(Runnable step) {
    return new ForwardingModelRunner(fake()) {
      @Override
      public Logits run(StepBatch batch) {
        step.run();
        return super.run(batch);
      }
    };
  }

  private static StepBatch step(int length, int... tokens) {
    int[] context = new int[length];
    return new StepBatch(
        List.of(new StepSequence(tokens, length, new int[] {3, 1, 2}, null)),
        List.of(),
        List.of(
            LogitsRequest.sampled(
                tokens.length - 1, new TokenSampling(GREEDY, context, length, 0))));
  }

  @Test
  void twoStepsAreInFlightAndTheSecondNamesTokensOfTheFirst() {
    List<Integer> alone = answers(new PipelinedRunner(fake(), 3));
    List<Integer> together = answers(group(3, LONG, context -> new PipelinedRunner(fake(), 3)));
    assertThat(together).hasSize(6).isEqualTo(alone);
    assertThat(link.isClosed()).isTrue();
    assertThat(link.isAborted()).isFalse();
  }

  private static List<Integer> answers(ModelRunner runner) {
    List<Integer> tokens = new ArrayList<>();
    LogitsWorkspace workspace = new LogitsWorkspace(MODEL.vocabularySize());
    try (runner) {
      StepInFlight before = runner.submit(step(3, 7, 8, 9));
      for (int length = 4; length < 9; length++) {
        boolean fed = before.tokensStayOnDevice();
        if (!fed) {
          tokens.add(before.await().sampled(0, workspace).token());
        }
        int last = fed ? StepSequence.sampledBefore(0) : tokens.get(tokens.size() - 1);
        StepInFlight next = runner.submit(step(length, last));
        if (fed) {
          tokens.add(before.await().sampled(0, workspace).token());
        }
        before = next;
      }
      tokens.add(before.await().sampled(0, workspace).token());
    }
    return tokens;
  }

  @Test
  void aRankIsUsedByItsOwnThreadOnly() {
    Set<String> calls = ConcurrentHashMap.newKeySet();
    RankFactory factory =
        context -> {
          calls.add("create " + context.rank() + Thread.currentThread().getName());
          return new ForwardingModelRunner(new PipelinedRunner(fake(), 3)) {
            @Override
            public StepInFlight submit(StepBatch batch) {
              calls.add("submit " + context.rank() + Thread.currentThread().getName());
              StepInFlight step = runner.submit(batch);
              return new StepInFlight() {
                @Override
                public boolean tokensStayOnDevice() {
                  return step.tokensStayOnDevice();
                }

                @Override
                public void sample() {
                  throw new AssertionError("nothing is constrained");
                }

                @Override
                public Logits await() {
                  calls.add("await " + context.rank() + Thread.currentThread().getName());
                  return step.await();
                }
              };
            }

            @Override
            public void close() {
              calls.add("close " + context.rank() + Thread.currentThread().getName());
              super.close();
            }
          };
        };
    try (ModelRunner runner = group(2, LONG, factory)) {
      runner.run(step(2, 1, 2));
    }
    assertThat(calls)
        .containsExactlyInAnyOrder(
            "create 0nightshift-rank-0",
            "create 1nightshift-rank-1",
            "submit 0nightshift-rank-0",
            "submit 1nightshift-rank-1",
            "await 0nightshift-rank-0",
            "await 1nightshift-rank-1",
            "close 0nightshift-rank-0",
            "close 1nightshift-rank-1");
  }

  @Test
  void ranksAgreeWhileTheyAreCreated() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    RankFactory factory =
        context -> {
          long least = context.minimum(10 - context.rank());
          List<String> all = context.exchange("pointer " + context.rank());
          long again = context.minimum(20 + context.rank());
          seen.add(context.rank() + " of " + context.degree() + ": " + least + all + again);
          return fake();
        };
    group(3, LONG, factory).close();
    assertThat(seen)
        .containsExactlyInAnyOrder(
            "0 of 3: 8[pointer 0, pointer 1, pointer 2]20",
            "1 of 3: 8[pointer 0, pointer 1, pointer 2]20",
            "2 of 3: 8[pointer 0, pointer 1, pointer 2]20");
  }

  static Stream<RuntimeException> failuresOfARank() {
    return Stream.of(
        new DeviceBusyException("GPU 5 is in use"),
        new IllegalArgumentException("a configuration that it does not support"));
  }

  @ParameterizedTest
  @MethodSource("failuresOfARank")
  void aRankThatCannotBeCreatedReleasesTheOthers(RuntimeException failure) {
    FakeModelRunner created = fake();
    RankFactory factory =
        context -> {
          switch (context.rank()) {
            case 0 -> context.minimum(3); // waits for rank 1
            case 1 -> throw failure;
            default -> {
              return created;
            }
          }
          throw new AssertionError("rank 1 never came");
        };
    assertThatThrownBy(() -> group(3, LONG, factory)).isSameAs(failure);
    assertThat(created.closed()).isTrue();
    assertThat(link.isClosed()).isTrue();
  }

  @Test
  void ranksTakeTheirDevicesInTurn() {
    List<Integer> taken = new CopyOnWriteArrayList<>();
    RankFactory factory =
        context -> {
          assertThat(context.<Boolean>inTurn(() -> taken.add(context.rank()))).isTrue();
          return fake();
        };
    try (TensorParallelRunner runner = group(4, LONG, factory)) {
      assertThat(taken).containsExactly(0, 1, 2, 3);
      assertThat(runner.<Integer>ofRank(1, ModelRunner::maxStepTokens)).isEqualTo(32);
    }
  }

  @Test
  void aRankWhoseDeviceIsHeldKeepsTheOthersFromTheirs() {
    List<Integer> taken = new CopyOnWriteArrayList<>();
    RankFactory factory =
        context -> {
          context.inTurn(
              () -> {
                if (context.rank() == 1) {
                  throw new DeviceBusyException("GPU 5 is held");
                }
                return taken.add(context.rank());
              });
          return fake();
        };
    assertThatThrownBy(() -> group(3, LONG, factory))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessage("GPU 5 is held");
    assertThat(taken).containsExactly(0);
  }

  @Test
  void refusesRanksThatDiffer() {
    RankFactory factory = context -> new FakeModelRunner(MODEL, 8 + context.rank(), 4, 32, 5);
    assertThatThrownBy(() -> group(2, LONG, factory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("blockCount=8")
        .hasMessageContaining("blockCount=9");
  }

  @Test
  void aRankThatFailsIsNamedAndTheOthersDoNotWaitForIt() {
    DeviceException cause = new DeviceException("an illegal address");
    RankFactory factory =
        context ->
            context.rank() == 1
                ? rank(
                    () -> {
                      throw cause;
                    })
                : rank(link::awaitOthers);
    try (ModelRunner runner = group(3, LONG, factory)) {
      assertThatThrownBy(() -> runner.run(step(2, 1, 2)))
          .isInstanceOf(DeviceLostException.class)
          .hasMessage(
              "Step 1 (2 tokens of 1 sequences) failed on rank 1 (GPU 5): an illegal address")
          .hasCause(cause);
      assertThatThrownBy(() -> runner.run(step(2, 1, 2)))
          .isInstanceOf(DeviceLostException.class)
          .hasCause(cause);
    }
    assertThat(link.isClosed()).isTrue();
  }

  @Test
  void aRankThatNeverAnswersIsNamedAndLeftBehind() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    RankFactory factory =
        context ->
            context.rank() == 2
                ? rank(
                    () ->
                        Uninterrupted.await(
                            () -> {
                              end.await();
                              return true;
                            }))
                : rank(link::awaitOthers);
    try (ModelRunner runner = group(3, SHORT, factory)) {
      assertThatThrownBy(() -> runner.run(step(2, 1, 2)))
          .isInstanceOf(DeviceLostException.class)
          .hasMessageStartingWith(
              "Step 1 (2 tokens of 1 sequences) was not done in 1.0 s by rank 2 (GPU 6). ");
    }
    assertThat(link.isClosed()).as("a rank may still use it").isFalse();
    end.countDown();
  }

  @Test
  void ranksThatWaitForEachOtherAreAllNamed() {
    try (ModelRunner runner = group(2, SHORT, context -> rank(link::awaitOthers))) {
      assertThatThrownBy(() -> runner.run(step(2, 1, 2)))
          .isInstanceOf(DeviceLostException.class)
          .hasMessageContaining("by rank 0 (GPU 4) and rank 1 (GPU 5)");
    }
    assertThat(link.isClosed()).isTrue();
  }

  @Test
  void aStepThatAllRanksRefuseChangesNothing() {
    RankFactory factory =
        context ->
            new ForwardingModelRunner(new PipelinedRunner(fake(), 3)) {
              @Override
              public StepInFlight submit(StepBatch batch) {
                if (batch.tokenCount() > 3) {
                  throw new IllegalArgumentException("too many tokens");
                }
                return runner.submit(batch);
              }
            };
    try (ModelRunner runner = group(2, LONG, factory)) {
      assertThatThrownBy(() -> runner.run(step(4, 1, 2, 3, 4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("too many tokens");
      assertThat(runner.run(step(2, 1, 2)).rows()).isEqualTo(1);
    }
    assertThat(link.isAborted()).isFalse();
  }

  @Test
  void whatARankAloneRefusesIsAFailure() {
    RankFactory factory =
        context ->
            rank(
                () -> {
                  if (context.rank() == 0) {
                    throw new IllegalArgumentException("a step that only this rank refuses");
                  }
                });
    try (ModelRunner runner = group(2, LONG, factory)) {
      assertThatThrownBy(() -> runner.run(step(2, 1, 2)))
          .isInstanceOf(DeviceLostException.class)
          .hasMessageContaining("failed on rank 0 (GPU 4): ")
          .hasMessageContaining("a step that only this rank refuses");
    }
  }

  @Test
  void anInterruptedCallerStaysInterruptedAndGetsItsResults() {
    try (ModelRunner runner = group(2, LONG, context -> new PipelinedRunner(fake(), 3))) {
      Thread.currentThread().interrupt();
      assertThat(runner.run(step(2, 1, 2)).rows()).isEqualTo(1);
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void limitsAreThoseOfTheRanks() {
    try (ModelRunner runner = group(2, LONG, context -> fake())) {
      assertThat(runner.config()).isEqualTo(MODEL);
      assertThat(runner.blockSize()).isEqualTo(4);
      assertThat(runner.blockCount()).isEqualTo(8);
      assertThat(runner.blockGroups()).isEqualTo(fake().blockGroups());
      assertThat(runner.maxStepTokens()).isEqualTo(32);
      assertThat(runner.maxStepInputs()).isEqualTo(fake().maxStepInputs());
      assertThat(runner.deviceTime()).isEmpty();
      assertThat(runner.stepTimes()).isEmpty();
    }
  }
}
