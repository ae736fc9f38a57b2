package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random request streams through the whole engine, on a runner that notices every mix-up. */
class LlmEnginePropertyTest {

  private static final int VOCABULARY = 20;
  private static final int LONGEST_PROMPT = 40;
  private static final Set<Integer> END_TOKENS = Set.of(3, 7);
  private static final int[] NONE = {};

  /** The room that a stream of requests gets. */
  private record Setting(
      ModelConfig config, List<BlockGroup> groups, int blockSize, EngineConfig options, long seed) {

    ModelRunner runner() {
      return new FakeModelRunner(config, groups, blockSize, options.maxStepTokens(), seed);
    }

    Setting withoutForcedTokens() {
      return new Setting(config, groups, blockSize, options.withForcedTokens(false), seed);
    }

    /** A runner that may have less host memory than a prompt takes, or enough for all of them. */
    ModelRunner withHostBlocks(int hostBlocks) {
      return new FakeModelRunner(
          config, groups, blockSize, options.maxStepTokens(), seed, hostBlocks);
    }

    LlmEngine engine(ModelRunner runner) {
      return new LlmEngine(runner, RandomRequests::letters, options);
    }

    private int cacheTokens() {
      return new KvCache(groups, blockSize, options.maxStepTokens()).maxTokens();
    }

    /** Whether a sequence can only be computed because blocks outside of the window are freed. */
    boolean isLongerThanAGroup(Completion completion) {
      int tokens = completion.promptTokens() + completion.outputTokens().length;
      return groups.stream().anyMatch(group -> group.blockCount() * blockSize < tokens);
    }

    /** Whether the whole answer is known without the model. */
    boolean answersAtOnce(Request request, Completion completion) {
      return request.constraint().stream()
          .map(constraint -> known(request, constraint))
          .anyMatch(known -> Arrays.equals(known, completion.outputTokens()));
    }

    /** What every output begins with. */
    private int[] known(Request request, Constraint constraint) {
      int room = Math.min(config.maxPositions(), cacheTokens());
      int remaining =
          Math.min(request.sampling().maxTokens(), room - request.promptTokens().length);
      int[] mark = marks(request).map(marks -> marks.end().tokens()).orElse(NONE);
      if (request.reasoning().isPresent()
          && (!hasBegun(request) || remaining > mark.length + constraint.shortestTokens())) {
        return NONE;
      }
      int[] forced =
          options.forcedTokens() && !request.sampling().logprobs()
              ? constraint.matcher().forced(remaining - mark.length)
              : NONE;
      return IntStream.concat(Arrays.stream(mark), Arrays.stream(forced)).toArray();
    }

    private static boolean hasBegun(Request request) {
      int[] prompt = request.promptTokens();
      return marks(request).orElseThrow().start().is(prompt[prompt.length - 1]);
    }

    /** Constrained requests have no other reasoning. */
    private static Optional<MarkedReasoning> marks(Request request) {
      return request.reasoning().map(MarkedReasoning.class::cast);
    }

    /** From ample memory to hardly enough for one request, from large steps to tiny ones. */
    static Setting random(Random random) {
      int blockSize = 1 + random.nextInt(8);
      int positions = LONGEST_PROMPT - 5 + random.nextInt(2 * LONGEST_PROMPT);
      int room = random.nextBoolean() ? 2 * LONGEST_PROMPT : 20 * LONGEST_PROMPT;
      int blocks = 1 + (LONGEST_PROMPT - 5 + random.nextInt(room)) / blockSize;
      int stepTokens = 5 + random.nextInt(random.nextBoolean() ? 10 : 100);
      EngineConfig options =
          EngineConfig.cpu()
              .withMaxStepTokens(stepTokens)
              .withMaxStepLogits(3 + random.nextInt(random.nextBoolean() ? 4 : 40))
              .withMaxRunningSequences(1 + random.nextInt(16))
              .withThreads(1);
      return new Setting(
          FakeModelRunner.longContextConfig(
              VOCABULARY,
              positions,
              // Rows of this many tokens and rows with more share nothing.
              random.nextBoolean() ? positions : 1 + random.nextInt(positions),
              END_TOKENS.toArray(Integer[]::new)),
          randomGroups(random, blocks, blockSize, stepTokens),
          blockSize,
          options,
          random.nextLong());
    }
  }

  /**
   * One to three groups with and without windows, the widest first. Groups with a window have not
   * many more blocks than one sequence needs, or too few for a long one.
   */
  private static List<BlockGroup> randomGroups(
      Random random, int blocks, int blockSize, int stepTokens) {
    List<BlockGroup> groups = new ArrayList<>();
    if (random.nextBoolean()) {
      groups.add(new BlockGroup(0, blocks));
    }
    while (groups.isEmpty() || random.nextInt(3) == 0) {
      int widest = groups.isEmpty() ? 0 : groups.get(groups.size() - 1).slidingWindow();
      int window = groups.isEmpty() ? 2 : 1;
      int range = random.nextBoolean() ? 2 * LONGEST_PROMPT : LONGEST_PROMPT / 4;
      window += random.nextInt(widest == 0 ? range : Math.max(1, widest - window));
      int needed = (window + stepTokens) / blockSize + 2;
      int some = random.nextInt(random.nextBoolean() ? 4 : 2 * blocks);
      groups.add(new BlockGroup(window, random.nextInt(4) == 0 ? blocks : needed + some));
    }
    return groups;
  }

  private long preemptions;
  private long recomputed;
  private long cached;
  private long errors;
  private long treeTokens;
  private long fedTokens;
  private long forcedTokens;
  private long constrainedAnswers;
  private long constrainedReasonings;
  private long longerThanAGroup;
  private long hostTokens;

  @Test
  void answersAreThoseOfEachRequestAloneInAnyOrder() {
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      Setting setting = Setting.random(random);
      List<Request> requests =
          new RandomRequests(random, VOCABULARY, LONGEST_PROMPT, END_TOKENS)
              .requests(1 + random.nextInt(25));
      Map<Long, String> alone = new TreeMap<>();
      for (Request request : requests) {
        alone.putAll(run(setting.withoutForcedTokens(), setting.runner(), List.of(request), seed));
      }
      List<Request> shuffled = new ArrayList<>(requests);
      Collections.shuffle(shuffled, random);
      assertThat(run(setting, setting.runner(), requests, seed))
          .as("seed %d", seed)
          .isEqualTo(alone);
      assertThat(run(setting, setting.runner(), shuffled, seed))
          .as("seed %d, shuffled", seed)
          .isEqualTo(alone);
      assertThat(run(setting, setting.runner(), RandomRequests.sorted(requests), seed))
          .as("seed %d, sorted", seed)
          .isEqualTo(alone);
      PipelinedRunner pipelined = new PipelinedRunner(setting.runner(), seed);
      assertThat(run(setting, pipelined, shuffled, seed))
          .as("seed %d, two steps in flight", seed)
          .isEqualTo(alone);
      fedTokens += pipelined.fedTokens();
    }
    // The streams are of use only if they go where it is difficult.
    assertThat(preemptions).isGreaterThan(200);
    assertThat(recomputed).isGreaterThan(5_000);
    assertThat(cached).isGreaterThan(200_000);
    assertThat(errors).isBetween(1_000L, 8_000L);
    assertThat(treeTokens).isGreaterThan(50_000);
    assertThat(fedTokens).isGreaterThan(20_000);
    assertThat(forcedTokens).isGreaterThan(15_000);
    assertThat(constrainedAnswers).isGreaterThan(15_000);
    assertThat(constrainedReasonings).isGreaterThan(5_000);
    assertThat(longerThanAGroup).isGreaterThan(2_000);
  }

  @Test
  void blocksThatWereInHostMemoryGiveTheSameAnswers() {
    long recomputedWithout = 0;
    long recomputedWithHost = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(~seed);
      Setting setting = Setting.random(random);
      List<Request> requests =
          new ArrayList<>(
              new RandomRequests(random, VOCABULARY, LONGEST_PROMPT, END_TOKENS)
                  .requests(1 + random.nextInt(40)));
      Collections.shuffle(requests, random);
      Map<Long, String> without = run(setting, setting.runner(), requests, seed);
      recomputedWithout += recomputed;
      recomputed = 0;
      int hostBlocks = 1 + random.nextInt(random.nextBoolean() ? 10 : 400);
      assertThat(run(setting, setting.withHostBlocks(hostBlocks), requests, seed))
          .as("seed %d, %d host blocks", seed, hostBlocks)
          .isEqualTo(without);
      PipelinedRunner pipelined = new PipelinedRunner(setting.withHostBlocks(hostBlocks), seed);
      recomputedWithHost += recomputed;
      recomputed = 0;
      assertThat(run(setting, pipelined, requests, seed))
          .as("seed %d, two steps in flight, %d host blocks", seed, hostBlocks)
          .isEqualTo(without);
      recomputed = 0;
    }
    assertThat(hostTokens).isGreaterThan(5_000);
    assertThat(preemptions).isGreaterThan(200);
    assertThat(recomputedWithHost).isLessThan(recomputedWithout);
  }

  /** Runs requests, some of them handed in late, and checks what must hold of every run. */
  private Map<Long, String> run(
      Setting setting, ModelRunner runner, List<Request> requests, int seed) {
    Map<Long, String> answers = new TreeMap<>();
    Map<Long, Request> byId = new HashMap<>();
    requests.forEach(request -> byId.put(request.id(), request));
    long prompts = 0;
    long outputs = 0;
    try (LlmEngine engine = setting.engine(runner)) {
      Random late = new Random(seed);
      int added = 0;
      while (added < requests.size() || engine.hasUnfinished()) {
        while (added < requests.size() && late.nextInt(8) != 0) {
          engine.add(requests.get(added++));
        }
        if (!engine.hasUnfinished()) {
          continue;
        }
        for (Completion completion : engine.step()) {
          String before = answers.put(completion.id(), describe(completion));
          assertThat(before).as("second completion of %d", completion.id()).isNull();
          if (completion.error() == null) {
            Request request = Objects.requireNonNull(byId.get(completion.id()));
            prompts += setting.answersAtOnce(request, completion) ? 0 : completion.promptTokens();
            outputs += completion.outputTokens().length;
            checkConstraint(request, completion);
            longerThanAGroup += setting.isLongerThanAGroup(completion) ? 1 : 0;
          }
        }
        assertThat(engine.statistics().steps()).isLessThan(100_000);
      }
      EngineStatistics statistics = engine.statistics();
      assertThat(statistics.promptTokens() + statistics.cachedTokens()).isEqualTo(prompts);
      assertThat(statistics.outputTokens()).isEqualTo(outputs);
      forcedTokens += statistics.forcedTokens();
      preemptions += statistics.preemptions();
      recomputed += statistics.recomputedTokens();
      cached += statistics.cachedTokens();
      errors += statistics.failedRequests();
      treeTokens += statistics.treeTokens();
      hostTokens += statistics.host().loadedTokens();
      assertThat(statistics.usedBlocks()).isZero();
      assertThat(statistics.runningRequests() + statistics.waitingRequests()).isZero();
      assertThat(statistics.finishedRequests()).isEqualTo(requests.size());
    }
    return answers;
  }

  /** An answer is complete under its constraint, however few tokens it may have. */
  private void checkConstraint(Request request, Completion completion) {
    if (request.constraint().isEmpty()) {
      return;
    }
    int[] answer = completion.text().chars().map(letter -> letter - 'a').toArray();
    boolean allowed =
        request.constraint().get() instanceof TokenSequences sequences
            ? sequences.allows(answer)
            : ((PeriodicAnswers) request.constraint().get()).allows(answer);
    assertThat(allowed).as("%s", Arrays.toString(completion.outputTokens())).isTrue();
    constrainedAnswers++;
    constrainedReasonings += completion.reasoning() == null ? 0 : 1;
  }

  /** All of a completion that may not depend on how it was computed. */
  private static String describe(Completion completion) {
    return "%s %s %s %s %s %s %s %s %s %s"
        .formatted(
            completion.text(),
            completion.reasoning(),
            Arrays.toString(completion.outputTokens()),
            Arrays.toString(completion.logprobs()),
            Arrays.toString(completion.topLogprobs().tokens()),
            Arrays.toString(completion.topLogprobs().logprobs()),
            Arrays.toString(completion.choiceProbabilities()),
            completion.finishReason(),
            completion.errorMessage(),
            completion.promptTokens());
  }
}
