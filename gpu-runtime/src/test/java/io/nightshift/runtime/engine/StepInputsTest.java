package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps of a runner that has little room for its inputs. */
class StepInputsTest {
  private static final int VOCABULARY = 90;
  private static final int POSITIONS = 120;

  private long fullSteps;
  private long penalized;
  private long trees;

  @Test
  void noStepHasMoreInputsThanTheRunnerTakesAndAnswersStayTheSame() {
    for (int seed = 0; seed < 100; seed++) {
      List<Request> requests = new RandomRequests(new Random(seed), VOCABULARY, 60).requests(20);
      assertThat(answers(new CountingRunner(runner(), 40 + seed % 20), requests))
          .as("seed %d", seed)
          .isEqualTo(answers(runner(), requests));
    }
    // The streams are of use only if they go where it is difficult.
    assertThat(fullSteps).isGreaterThan(1_000);
    assertThat(penalized).isGreaterThan(1_000);
    assertThat(trees).isGreaterThan(100);
  }

  @Test
  void theLargestTreeFitsTheInputsAndOneNodeMoreHardlyDoes() {
    for (int ints : new int[] {1, 31, 32, 33, 64, 1000, 8 << 20, Integer.MAX_VALUE - 40_000}) {
      int nodes = StepInputs.largestTree(ints);
      assertThat(nodes).isGreaterThanOrEqualTo(0);
      assertThat(StepInputs.ofTree(nodes)).isLessThanOrEqualTo(ints);
      assertThat((long) (nodes + 33) * ((nodes + 64) / 32)).isGreaterThan(ints);
    }
    assertThat(StepInputs.largestTree(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }

  private static FakeModelRunner runner() {
    return new FakeModelRunner(FakeModelRunner.config(VOCABULARY, POSITIONS, 3), 300, 4, 200, 3);
  }

  private static String answers(ModelRunner runner, List<Request> requests) {
    String[] answers = new String[requests.size()];
    EngineConfig options =
        EngineConfig.cpu()
            .withMaxStepTokens(200)
            .withMaxStepLogits(60)
            .withMaxRunningSequences(12)
            .withThreads(1);
    try (LlmEngine engine = new LlmEngine(runner, RandomRequests::letters, options)) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        for (Completion completion : engine.step()) {
          answers[(int) completion.id()] =
              completion.finishReason()
                  + Arrays.toString(completion.outputTokens())
                  + Arrays.toString(completion.choiceProbabilities());
        }
      }
    }
    return String.join("\n", answers);
  }

  private final class CountingRunner extends ForwardingModelRunner {
    private final long room;

    CountingRunner(ModelRunner runner, long room) {
      super(runner);
      this.room = room;
    }

    @Override
    public long maxStepInputs() {
      return room;
    }

    @Override
    public Logits run(StepBatch batch) {
      long inputs = 0;
      for (StepSequence sequence : batch.sequences()) {
        inputs += sequence.blocks(0).length + StepInputs.ofTree(sequence.treeSize());
        trees += sequence.treeSize() > 0 ? 1 : 0;
      }
      for (LogitsRequest request : batch.logits()) {
        if (request.sampling() != null
            && request.sampling().parameters().repetitionPenalty() != 1) {
          inputs += StepInputs.ofSeenTokens(VOCABULARY);
          penalized++;
        }
      }
      assertThat(batch.sequences().size() == 1 || inputs <= room).isTrue();
      fullSteps += inputs > room * 3 / 4 ? 1 : 0;
      return runner.run(batch);
    }
  }
}
