package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much of the prompts is computed, against what could be shared at best. */
class PrefixReuseTest {

  private static final int BLOCK_SIZE = 8;

  private static FakeModelRunner runner(int blockCount, int stepTokens) {
    return new FakeModelRunner(
        FakeModelRunner.config(30, 4000), blockCount, BLOCK_SIZE, stepTokens, 1);
  }

  private static Completion[] run(
      FakeModelRunner runner, List<Request> requests, EngineConfig options) {
    Completion[] completions = new Completion[requests.size()];
    try (LlmEngine engine = new LlmEngine(runner, RandomRequests::letters, options)) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        engine.step().forEach(completion -> completions[(int) completion.id()] = completion);
      }
    }
    return completions;
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  @Test
  void oneAfterTheOtherEachRowReusesAllThatAnyRowBeforeItShares() {
    for (int seed = 0; seed < 100; seed++) {
      List<Request> requests = new RandomRequests(new Random(seed), 3, 60).requests(30);
      Completion[] completions =
          run(
              runner(2000, 100),
              requests,
              EngineConfig.cpu().withMaxRunningSequences(1).withThreads(1));
      for (int i = 0; i < requests.size(); i++) {
        int[] prompt = requests.get(i).promptTokens();
        int best = 0;
        for (Request before : requests.subList(0, i)) {
          best = Math.max(best, common(before.promptTokens(), prompt));
        }
        assertThat(completions[i].cachedTokens())
            .as("seed %d, row %d", seed, i)
            .isEqualTo(Math.min(best, prompt.length - 1));
      }
    }
  }

  @Test
  void sortedRowsComputeASharedPrefixOnceEvenWithinAStep() {
    for (int seed = 0; seed < 100; seed++) {
      List<Request> requests =
          RandomRequests.sorted(new RandomRequests(new Random(seed), 3, 60).requests(40));
      Completion[] completions =
          run(runner(2000, 1000), requests, EngineConfig.cpu().withThreads(1));
      for (int i = 1; i < requests.size(); i++) {
        int[] prompt = requests.get(i).promptTokens();
        int shared =
            Math.min(common(requests.get(i - 1).promptTokens(), prompt), prompt.length - 1);
        int wholeBlocks = shared - shared % BLOCK_SIZE;
        assertThat(completions[(int) requests.get(i).id()].cachedTokens())
            .isBetween(wholeBlocks, shared);
      }
    }
  }

  @Test
  void sortedRowsNeedLittleMemoryToShareAll() {
    // 40 groups of 10 rows; memory for about two groups' prefixes and the rows that run.
    int[][] prefixes = new int[40][];
    for (int group = 0; group < prefixes.length; group++) {
      prefixes[group] = new Random(group).ints(100, 0, 30).toArray();
      prefixes[group][0] = group / 2;
    }
    List<Request> requests =
        RandomRequests.sorted(
            IntStream.range(0, 400)
                .mapToObj(
                    i -> {
                      int[] prompt = Arrays.copyOf(prefixes[i / 10], 120);
                      for (int t = 100; t < 120; t++) {
                        prompt[t] = new Random(1000L * i + t).nextInt(30);
                      }
                      return new Request(i, prompt, SamplingParameters.greedy(5), Optional.empty());
                    })
                .toList());
    FakeModelRunner runner = runner(40, 200);

    run(runner, requests, EngineConfig.cpu().withThreads(1));

    int distinct = 40 * 100 + 400 * 20;
    int decodes = 400 * 4;
    int atTheBorderOfBlocks = 400 * (100 % BLOCK_SIZE);
    assertThat(runner.tokens()).isLessThan(distinct + decodes + atTheBorderOfBlocks);
  }
}
