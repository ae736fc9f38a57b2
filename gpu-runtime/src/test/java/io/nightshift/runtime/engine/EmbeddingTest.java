package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.kvcache.HostCounts;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Embeddings from the engine, against the hidden states of a whole prompt in one step. */
class EmbeddingTest {
  private static final int VOCABULARY = 20;
  private static final int LONGEST_PROMPT = 60;
  private static final ModelConfig CONFIG = FakeModelRunner.config(VOCABULARY, 64, 3);
  private static final int HIDDEN = CONFIG.hiddenSize();

  private EngineStatistics statistics =
      new EngineStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, HostCounts.NONE);
  private long logitsRows;
  private long pooledTokens;

  private static ModelRunner runner(int blocks, int stepTokens) {
    return new FakeModelRunner(CONFIG, blocks, 4, stepTokens, 9);
  }

  /** Counts what the engine asks for. */
  private ModelRunner counting(ModelRunner runner) {
    return new ForwardingModelRunner(runner) {
      @Override
      public Logits run(StepBatch batch) {
        logitsRows += batch.logits().size();
        pooledTokens += batch.pooling().stream().mapToInt(PoolingRequest::tokenCount).sum();
        return runner.run(batch);
      }
    };
  }

  private Map<Long, Completion> run(ModelRunner runner, List<Request> requests, int running) {
    EngineConfig options =
        EngineConfig.cpu()
            .withMaxStepTokens(runner.maxStepTokens())
            .withMaxStepLogits(40)
            .withMaxRunningSequences(running)
            .withThreads(2);
    Map<Long, Completion> completions = new TreeMap<>();
    logitsRows = 0;
    pooledTokens = 0;
    try (LlmEngine engine = new LlmEngine(runner, RandomRequests::letters, options)) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        for (Completion completion : engine.step()) {
          assertThat(completions.put(completion.id(), completion)).isNull();
        }
      }
      statistics = engine.statistics();
      assertThat(statistics.usedBlocks()).isZero();
    }
    return completions;
  }

  /** The sum of hidden states from a token to the end of the prompt, in one step. */
  private static double[] sum(int[] prompt, int from) {
    try (ModelRunner runner = runner(100, 100)) {
      int[] blocks = IntStream.range(0, 100).toArray();
      StepSequence whole = new StepSequence(prompt, prompt.length, blocks, null);
      PoolingRequest pooled = new PoolingRequest(from, prompt.length - from);
      float[] sum = new float[HIDDEN];
      runner
          .run(new StepBatch(List.of(whole), List.of(), List.of(), List.of(pooled)))
          .readPooled(0, sum);
      return IntStream.range(0, HIDDEN).mapToDouble(i -> sum[i]).toArray();
    }
  }

  private static float[] expected(int[] prompt, EmbeddingParameters parameters) {
    boolean mean = parameters.pooling() == Pooling.MEAN;
    double[] values =
        Arrays.copyOf(sum(prompt, mean ? 0 : prompt.length - 1), parameters.size(HIDDEN));
    double norm = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] /= mean ? prompt.length : 1;
      norm += values[i] * values[i];
    }
    float[] embedding = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      embedding[i] = (float) (parameters.normalize() ? values[i] / Math.sqrt(norm) : values[i]);
    }
    return embedding;
  }

  private static Completion of(Map<Long, Completion> completions, long id) {
    return Objects.requireNonNull(completions.get(id));
  }

  private static EmbeddingParameters parameters(Random random) {
    return new EmbeddingParameters(
        random.nextBoolean() ? Pooling.LAST : Pooling.MEAN,
        random.nextBoolean() ? 0 : 1 + random.nextInt(HIDDEN),
        random.nextBoolean());
  }

  private static int[] prompt(Random random, int length) {
    return random.ints(length, 0, VOCABULARY).toArray();
  }

  /** Embeddings among requests of other kinds, with shared prefixes, chunks and preemptions. */
  @Test
  void embeddingsAreThoseOfEachPromptAloneInAnyOrder() {
    long preemptions = 0;
    long cached = 0;
    long compared = 0;
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int blocks = random.nextInt(4) > 0 ? 16 + random.nextInt(6) : 400;
      int stepTokens = 5 + random.nextInt(random.nextBoolean() ? 10 : 100);
      int running = 1 + random.nextInt(12);
      List<Request> requests = new ArrayList<>();
      for (Request request :
          new RandomRequests(random, VOCABULARY, LONGEST_PROMPT).requests(1 + random.nextInt(25))) {
        requests.add(
            random.nextBoolean()
                ? request
                : Request.embedding(request.id(), request.promptTokens(), parameters(random)));
      }
      List<Request> shuffled = new ArrayList<>(requests);
      Collections.shuffle(shuffled, random);
      for (List<Request> order : List.of(shuffled, RandomRequests.sorted(requests))) {
        ModelRunner plain = runner(blocks, stepTokens);
        ModelRunner pipelined = new PipelinedRunner(runner(blocks, stepTokens), seed);
        for (ModelRunner runner : List.of(plain, pipelined)) {
          Map<Long, Completion> completions = run(runner, order, running);
          for (Request request : requests) {
            if (request.embedding().isPresent()) {
              Completion completion = of(completions, request.id());
              assertThat(completion.finishReason()).isEqualTo(FinishReason.EMBEDDING);
              assertThat(completion.outputTokens()).isEmpty();
              assertThat(completion.embedding())
                  .as("seed %d, request %d", seed, request.id())
                  .isEqualTo(expected(request.promptTokens(), request.embedding().get()));
              compared++;
            }
          }
          preemptions += statistics.preemptions();
          cached += statistics.cachedTokens();
        }
      }
    }
    // The streams are of use only if they go where it is difficult.
    assertThat(preemptions).isGreaterThan(50);
    assertThat(cached).isGreaterThan(10_000);
    assertThat(compared).isGreaterThan(5_000);
  }

  @Test
  void computesNoLogitsAndReadsNoMoreStatesThanItNeeds() {
    Random random = new Random();
    int[] prompt = prompt(random, 50);
    for (Pooling pooling : Pooling.values()) {
      EmbeddingParameters parameters = new EmbeddingParameters(pooling, 0, true);
      run(counting(runner(100, 16)), List.of(Request.embedding(1, prompt, parameters)), 4);
      assertThat(logitsRows).isZero();
      assertThat(pooledTokens).isEqualTo(pooling == Pooling.LAST ? 1 : 50);
      assertThat(statistics.steps()).isEqualTo(4);
      assertThat(statistics.outputTokens()).isZero();
      assertThat(statistics.promptTokens()).isEqualTo(50);
    }
  }

  @Test
  void theLastTokensStateSharesPrefixesAndTheMeanDoesNot() {
    Random random = new Random();
    int[] prefix = prompt(random, 40);
    for (Pooling pooling : Pooling.values()) {
      EmbeddingParameters parameters = new EmbeddingParameters(pooling, 0, true);
      List<Request> requests = new ArrayList<>();
      for (int id = 0; id < 5; id++) {
        int[] prompt = Arrays.copyOf(prefix, 43);
        prompt[40] = id;
        requests.add(Request.embedding(id, prompt, parameters));
      }
      Map<Long, Completion> completions = run(runner(200, 100), requests, 8);
      assertThat(statistics.cachedTokens()).isEqualTo(pooling == Pooling.LAST ? 4 * 40 : 0);
      assertThat(statistics.cachedBlocks() > 0).isEqualTo(pooling == Pooling.LAST);
      assertThat(completions.values())
          .extracting(Completion::embedding)
          .containsExactlyElementsOf(
              requests.stream().map(r -> expected(r.promptTokens(), parameters)).toList());
    }
  }

  @Test
  void aPromptMayFillTheContextOfTheModel() {
    EmbeddingParameters parameters = new EmbeddingParameters(Pooling.LAST, 0, false);
    Random random = new Random();
    Map<Long, Completion> completions =
        run(
            runner(100, 100),
            List.of(
                Request.embedding(0, prompt(random, 64), parameters),
                Request.embedding(1, prompt(random, 65), parameters)),
            4);
    assertThat(of(completions, 0).error()).isNull();
    assertThat(of(completions, 1).error()).isEqualTo(RequestError.PROMPT_TOO_LONG);
    assertThat(of(completions, 1).errorMessage())
        .isEqualTo("the prompt has 65 tokens; the model's context takes 64");
    assertThat(of(completions, 1).embedding()).isEmpty();
  }

  @Test
  void statesThatAreNotFiniteAreAnErrorOfTheirRowAlone() {
    Random random = new Random(4);
    int[] good = random.ints(30, 6, VOCABULARY).toArray();
    int[] bad = good.clone();
    bad[29] = SpoilingRunner.BAD;
    for (Pooling pooling : Pooling.values()) {
      EmbeddingParameters parameters = new EmbeddingParameters(pooling, 0, true);
      List<Request> requests =
          List.of(
              Request.embedding(0, bad, parameters),
              Request.embedding(1, good, parameters),
              Request.embedding(2, Arrays.copyOf(good, 20), parameters));
      Map<Long, Completion> completions =
          run(new SpoilingRunner(new FakeModelRunner(CONFIG, 100, 4, 16, 9)), requests, 4);
      assertThat(of(completions, 0).error()).isEqualTo(RequestError.INVALID_LOGITS);
      assertThat(of(completions, 0).errorMessage()).contains("hidden state", "NaN");
      for (long id = 1; id < 3; id++) {
        int[] prompt = requests.get((int) id).promptTokens();
        assertThat(of(completions, id).embedding()).isEqualTo(expected(prompt, parameters));
      }
    }
  }

  @Test
  void aZeroVectorStaysZero() {
    ModelRunner zeros =
        new ForwardingModelRunner(runner(100, 100)) {
          @Override
          public Logits run(StepBatch batch) {
            return new HostLogits(batch.logits(), VOCABULARY) {
              @Override
              public void readRow(int row, float[] target) {
                Arrays.fill(target, 0);
              }

              @Override
              public float logit(int row, int column) {
                return 0;
              }

              @Override
              public void readPooled(int request, float[] target) {
                Arrays.fill(target, 0);
              }
            };
          }
        };
    EmbeddingParameters parameters = new EmbeddingParameters(Pooling.MEAN, 3, true);
    Completion completion =
        of(run(zeros, List.of(Request.embedding(0, new int[] {1, 2}, parameters)), 1), 0);
    assertThat(completion.embedding()).containsExactly(0f, 0f, 0f);
  }

  @Test
  void normalizedVectorsHaveNormOne() {
    EmbeddingParameters parameters = new EmbeddingParameters(Pooling.MEAN, 5, true);
    float[] embedding =
        of(
                run(
                    runner(100, 7),
                    List.of(Request.embedding(0, prompt(new Random(), 33), parameters)),
                    1),
                0)
            .embedding();
    double squares = 0;
    for (float element : embedding) {
      squares += (double) element * element;
    }
    assertThat(embedding).hasSize(5);
    assertThat(squares).isCloseTo(1, within(1e-6));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new EmbeddingParameters(Pooling.LAST, -1, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1 dimensions");
    EmbeddingParameters tooMany = new EmbeddingParameters(Pooling.LAST, HIDDEN + 1, true);
    Request request = Request.embedding(0, new int[] {1}, tooMany);
    assertThatThrownBy(() -> run(runner(10, 10), List.of(request), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9 dimensions");
    assertThatThrownBy(
            () ->
                new Request(
                    0,
                    new int[] {1},
                    request.sampling(),
                    Optional.of(new Choices(List.of("a"), List.of(new int[] {1}), false)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(tooMany)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be combined");
  }
}
