package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows whose logits are no numbers, and what becomes of the rows that share their prefixes. */
class SpoiledPrefixTest {
  private static final int VOCABULARY = 20;
  private static final ModelConfig CONFIG = FakeModelRunner.config(VOCABULARY, 90, 3);

  private static FakeModelRunner runner(int blocks) {
    return new FakeModelRunner(CONFIG, blocks, 4, 64, 9);
  }

  private long cached;
  private long recomputed;
  private long preemptions;

  /** The completions in the order of the requests' ids, which count from 0. */
  private Completion[] run(ModelRunner runner, List<Request> requests, int runningSequences) {
    Completion[] completions = new Completion[requests.size()];
    long prompts = 0;
    EngineConfig options =
        EngineConfig.cpu()
            .withMaxStepTokens(64)
            .withMaxStepLogits(40)
            .withMaxRunningSequences(runningSequences)
            .withThreads(1);
    try (LlmEngine engine = new LlmEngine(runner, RandomRequests::letters, options)) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        for (Completion completion : engine.step()) {
          assertThat(completions[(int) completion.id()]).isNull();
          completions[(int) completion.id()] = completion;
          if (completion.error() == null || completion.error() == RequestError.INVALID_LOGITS) {
            prompts += completion.promptTokens();
          }
        }
      }
      EngineStatistics statistics = engine.statistics();
      assertThat(statistics.usedBlocks()).isZero();
      assertThat(statistics.promptTokens() + statistics.cachedTokens()).isEqualTo(prompts);
      cached += statistics.cachedTokens();
      recomputed += statistics.recomputedTokens();
      preemptions += statistics.preemptions();
    }
    return completions;
  }

  /** The completion of a request whose prefix nobody has computed. */
  private Completion alone(ModelRunner runner, Request request) {
    Request only =
        new Request(
            0,
            request.promptTokens(),
            request.sampling(),
            request.choices(),
            request.constraint(),
            request.reasoning());
    return run(runner, List.of(only), 1)[0];
  }

  private static Request greedy(long id, int[] prompt) {
    return new Request(id, prompt, SamplingParameters.greedy(1), Optional.empty());
  }

  @Test
  void rowsBehindABadOneAreAnsweredAsAlone() {
    int[] prefix = new Random(1).ints(18, 6, VOCABULARY).toArray();
    List<Request> requests = new ArrayList<>();
    for (int row = 0; row < 6; row++) {
      int[] prompt = Arrays.copyOf(prefix, 21);
      prompt[18] = row == 0 ? SpoilingRunner.BAD : 6 + row;
      prompt[19] = 10;
      prompt[20] = 11;
      requests.add(greedy(row, prompt));
    }
    for (int running : new int[] {1, 6}) {
      Completion[] completions = run(new SpoilingRunner(runner(200)), requests, running);
      assertThat(completions[0].error()).isEqualTo(RequestError.INVALID_LOGITS);
      for (int row = 1; row < 6; row++) {
        Completion alone = alone(runner(200), requests.get(row));
        assertThat(completions[row].error()).isNull();
        assertThat(completions[row].outputTokens()).isEqualTo(alone.outputTokens());
      }
    }
  }

  @Test
  void aBadRowLeavesNoBlocksInThePrefixCache() {
    int[] bad = new Random(2).ints(30, 6, VOCABULARY).toArray();
    bad[29] = SpoilingRunner.BAD;
    EngineConfig options =
        EngineConfig.cpu()
            .withMaxStepTokens(64)
            .withMaxStepLogits(40)
            .withMaxRunningSequences(4)
            .withThreads(1);
    try (LlmEngine engine =
        new LlmEngine(new SpoilingRunner(runner(200)), RandomRequests::letters, options)) {
      engine.add(greedy(0, bad));
      while (engine.hasUnfinished()) {
        engine.step();
      }
      assertThat(engine.statistics().cachedBlocks()).isZero();
      assertThat(engine.statistics().failedRequests()).isEqualTo(1);
    }
  }

  @Test
  void aRowThatIsBadByItselfIsComputedTwiceAtMost() {
    int[] good = new Random(3).ints(12, 6, VOCABULARY).toArray();
    int[] bad = Arrays.copyOf(good, 13);
    bad[12] = SpoilingRunner.BAD;

    Completion[] completions =
        run(new SpoilingRunner(runner(200)), List.of(greedy(0, good), greedy(1, bad)), 1);

    assertThat(completions[0].error()).isNull();
    assertThat(completions[1].error()).isEqualTo(RequestError.INVALID_LOGITS);
    assertThat(completions[1].cachedTokens()).isZero();
    assertThat(recomputed).isEqualTo(bad.length);
  }

  @Test
  void everyRowOfARandomStreamEndsAsItDoesAlone() {
    int bad = 0;
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      int blocks = random.nextBoolean() ? 11 + random.nextInt(14) : 400;
      int running = 1 + random.nextInt(12);
      List<Request> requests =
          new RandomRequests(random, VOCABULARY, 40).requests(1 + random.nextInt(25));
      List<String> alone = new ArrayList<>();
      for (Request request : requests) {
        Completion completion = alone(new SpoilingRunner(runner(blocks)), request);
        alone.add(describe(completion));
        bad += completion.error() == RequestError.INVALID_LOGITS ? 1 : 0;
      }
      for (List<Request> order : List.of(requests, RandomRequests.sorted(requests))) {
        ModelRunner plain = new SpoilingRunner(runner(blocks));
        assertThat(Arrays.stream(run(plain, order, running)).map(SpoiledPrefixTest::describe))
            .as("seed %d", seed)
            .isEqualTo(alone);
        ModelRunner pipelined = new PipelinedRunner(new SpoilingRunner(runner(blocks)), seed);
        assertThat(Arrays.stream(run(pipelined, order, running)).map(SpoiledPrefixTest::describe))
            .as("seed %d, two steps in flight", seed)
            .isEqualTo(alone);
      }
    }
    // The streams are of use only if they go where it is difficult.
    assertThat(bad).isGreaterThan(300);
    assertThat(cached).isGreaterThan(5_000);
    assertThat(recomputed).isGreaterThan(5_000);
    assertThat(preemptions).isGreaterThan(20);
  }

  private static String describe(Completion completion) {
    return "%s %s %s %s"
        .formatted(
            completion.error(),
            completion.text(),
            Arrays.toString(completion.outputTokens()),
            Arrays.toString(completion.choiceProbabilities()));
  }
}
