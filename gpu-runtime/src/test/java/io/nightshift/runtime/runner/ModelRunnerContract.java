package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.sampling.LogProbabilities;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.Sampler;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every model runner must compute, checked against Hugging Face transformers' answers for tiny
 * models of every family and against {@link ReferenceTransformer}. Logits of these models have a
 * standard deviation of about 2.
 */
public abstract class ModelRunnerContract {
  /** Host memory that each runner has: some blocks of a tiny model. */
  protected static final long HOST_KV_CACHE_MEMORY = 1 << 20;

  /**
   * Opens a runner over {@code files}, which the test closes after it, with {@link
   * #HOST_KV_CACHE_MEMORY}.
   */
  protected abstract ModelRunner open(
      ModelFiles files, int blockSize, int blockCount, int maxStepTokens);

  /** The largest difference of a logit from the reference that this runner's precision explains. */
  protected abstract double tolerance();

  /**
   * The share of rows of logits that may differ by more in random steps: those that rounding sends
   * to another expert, and those that attend to them.
   */
  protected double outliers(ModelConfig config) {
    return 0;
  }

  /**
   * As {@link #tolerance}, for single rows of logits or hidden states, which rounding may send to
   * another expert. Unrelated rows differ by 3 to 4.
   */
  protected double rowTolerance(ModelConfig config) {
    return tolerance();
  }

  /** The least cosine of pooled hidden states with those of Hugging Face transformers. */
  protected double leastCosine(ModelConfig config) {
    return 0.9999;
  }

  /** Whether a layer of the model has experts. */
  protected static boolean hasExperts(ModelConfig config) {
    return config.layers().stream().anyMatch(layer -> layer.feedForward() instanceof ExpertsConfig);
  }

  @ParameterizedTest
  @EnumSource
  void computesTheLogitsOfHuggingFaceTransformers(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner runner = open(files, 4, 64, 128)) {
      for (TinyModel.Prompt prompt : model.prompts()) {
        int[] blocks = IntStream.range(0, 64).toArray();
        float[][] logits = run(runner, prompt.tokens(), blocks, prompt.positions());
        for (int i = 0; i < logits.length; i++) {
          assertThat(largestDifference(logits[i], toDoubles(prompt.logits()[i])))
              .isLessThan(rowTolerance(files.config()));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void decodesGreedilyAsHuggingFaceTransformers(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner runner = open(files, 4, 64, 128)) {
      int[] blocks = IntStream.range(0, 64).toArray();
      for (TinyModel.Prompt prompt : model.prompts()) {
        int[] tokens = prompt.tokens();
        float[] logits = run(runner, tokens, blocks, new int[] {tokens.length - 1})[0];
        int length = tokens.length;
        boolean longContext = files.config().isLongContext(length);
        for (int i = 0; i < prompt.greedy().length && prompt.gaps()[i] > 2 * tolerance(); i++) {
          int token = argMax(logits);
          assertThat(token).isEqualTo(prompt.greedy()[i]);
          length++;
          StepSequence next =
              new StepSequence(new int[] {token}, length, blocks, null, longContext);
          logits = read(runner.run(step(List.of(next), List.of(new LogitsRequest(0, null)))), 0);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomRaggedBatchesEqualTheReference(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner runner = open(files, 8, 96, 96)) {
      new RandomSteps(files, runner, 11, tolerance()).run(24, 240, outliers(files.config()));
    }
  }

  @Test
  void slotsThatNoContextCoversMayHoldAnything() {
    try (ModelFiles files = new PoisonedModelFiles(TinyModel.LLAMA.open(), Float.NaN);
        ModelRunner runner = open(files, 8, 96, 96)) {
      int[] poison = new int[96];
      Arrays.fill(poison, PoisonedModelFiles.POISON);
      for (int block = 0; block < 96; block += 12) {
        int[] blocks = IntStream.range(block, block + 12).toArray();
        runner.run(step(List.of(new StepSequence(poison, 96, blocks, null)), List.of()));
      }
      new RandomSteps(files, runner, 12, tolerance()).run(24, 240);
    }
  }

  @ParameterizedTest
  @CsvSource({"LLAMA, NaN", "LLAMA, Infinity", "MISTRAL, NaN", "QWEN3, -Infinity"})
  void aTokenThatIsNotFiniteSpoilsOnlyWhatSeesIt(TinyModel model, float value) {
    try (ModelFiles files = new PoisonedModelFiles(model.open(), value);
        ModelRunner runner = open(files, 8, 32, 128)) {
      new PoisonedSteps(runner).run();
    }
  }

  @Test
  void aSequenceReadsBlocksThatAnotherFillsInTheSameStep() {
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 4, 16, 64)) {
      int[] tokens = {3, 14, 15, 92, 65, 35, 89, 79, 32, 38};
      double[][] expected = new ReferenceTransformer(files).logits(tokens);
      StepSequence whole = new StepSequence(tokens, 10, new int[] {5, 2, 9}, null);
      StepSequence reader = new StepSequence(new int[] {32, 38}, 10, new int[] {5, 2, 7}, null);
      Logits logits =
          runner.run(
              step(
                  List.of(reader, whole),
                  List.of(new LogitsRequest(1, null), new LogitsRequest(11, null))));
      assertClose(read(logits, 0), expected[9]);
      assertClose(read(logits, 1), expected[9]);
    }
  }

  @Test
  void copiesPartOfABlockBeforeTheStep() {
    try (ModelFiles files = TinyModel.QWEN3.open();
        ModelRunner runner = open(files, 8, 16, 64)) {
      int[] first = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
      run(runner, first, new int[] {4, 6}, new int[] {12});
      int[] second = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 200, 201};
      Logits logits =
          runner.run(
              new StepBatch(
                  List.of(
                      new StepSequence(new int[] {200, 201}, 12, new int[] {4, 3}, null),
                      new StepSequence(new int[] {14}, 14, new int[] {4, 6}, null)),
                  List.of(new BlockCopy(6, 3, 2)),
                  List.of(new LogitsRequest(1, null), new LogitsRequest(2, null))));
      assertClose(read(logits, 0), new ReferenceTransformer(files).logits(second)[11]);
      int[] grown = Arrays.copyOf(first, 14);
      grown[13] = 14;
      assertClose(read(logits, 1), new ReferenceTransformer(files).logits(grown)[13]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void blocksAreTheSameWhenTheyWereInHostMemory(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner runner = open(files, 4, 32, 64)) {
      assertThat(runner.hostBlocks().count()).isGreaterThanOrEqualTo(16);
      new HostCopySteps(runner, 13).run();
    }
  }

  @ParameterizedTest
  @EnumSource
  void treeNodesSeeTheContextAndTheirAncestors(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner runner = open(files, 4, 32, 64)) {
      int[] context = {9, 8, 7, 6, 5, 4, 3, 2, 1, 10, 11};
      int[] nodes = {100, 101, 102, 103, 104, 105};
      int[] parents = {-1, 0, -1, 1, 0, 3};
      int[] blocks = {8, 1, 7, 3, 5};
      run(runner, Arrays.copyOf(context, 6), blocks, new int[] {5});
      int[] tokens = new int[11];
      System.arraycopy(context, 6, tokens, 0, 5);
      System.arraycopy(nodes, 0, tokens, 5, 6);
      List<LogitsRequest> requests =
          IntStream.range(4, 11).mapToObj(token -> new LogitsRequest(token, null)).toList();
      Logits logits =
          runner.run(step(List.of(new StepSequence(tokens, 17, blocks, parents)), requests));
      ReferenceTransformer reference = new ReferenceTransformer(files);
      assertClose(read(logits, 0), reference.logits(context)[10]);
      for (int node = 0; node < nodes.length; node++) {
        int[] path = path(context, nodes, parents, node);
        assertClose(read(logits, node + 1), reference.logits(path)[path.length - 1]);
      }
    }
  }

  @Test
  void givesTheColumnsThatWereAskedForInTheirOrder() {
    try (ModelFiles files = TinyModel.QWEN2.open();
        ModelRunner runner = open(files, 16, 4, 64)) {
      int[] tokens = {5, 6, 7, 8};
      int[] columns = {330, 0, 17, 17};
      Logits logits =
          runner.run(
              step(
                  List.of(new StepSequence(tokens, 4, new int[] {2}, null)),
                  List.of(
                      new LogitsRequest(3, columns),
                      new LogitsRequest(1, null),
                      new LogitsRequest(3, null))));
      assertThat(logits.rows()).isEqualTo(3);
      float[] some = read(logits, 0);
      float[] all = read(logits, 2);
      for (int i = 0; i < columns.length; i++) {
        assertThat((double) some[i]).isCloseTo(all[columns[i]], within(tolerance()));
      }
      assertClose(read(logits, 1), new ReferenceTransformer(files).logits(tokens)[1]);
    }
  }

  @Test
  void choosesTokensAsTheSamplerDoesFromTheRowsOfLogits() {
    SamplingParameters greedy = SamplingParameters.greedy(1);
    List<SamplingParameters> all =
        List.of(
            greedy,
            new SamplingParameters(0.7, 0, 1, 0, 1, 5, 1, List.of(), false, true),
            new SamplingParameters(1.3, 12, 1, 0, 1, 6, 1, List.of(), false, false),
            new SamplingParameters(1.1, 40, 0.8, 0.01, 1.4, 7, 1, List.of(), false, true),
            new SamplingParameters(1.1, 40, 0.8, 0.01, 1.4, 7, 1, List.of(), false, true, 20),
            greedy.withTopLogprobs(1),
            greedy.withTopLogprobs(5),
            new SamplingParameters(0, 0, 1, 0, 1.7, 8, 1, List.of(), false, true));
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, 16, 64)) {
      int[] tokens = {3, 14, 15, 92, 65, 35, 89, 79, 32, 38};
      LogitsWorkspace workspace = new LogitsWorkspace(331);
      for (SamplingParameters parameters : all) {
        for (int position = 0; position < 8; position++) {
          int length = position + 2;
          TokenSampling sampling = new TokenSampling(parameters, tokens, length, position);
          StepSequence sequence =
              new StepSequence(Arrays.copyOf(tokens, length), length, new int[] {3, 5}, null);
          LogitsRequest row = new LogitsRequest(length - 1, null);
          float[] logits = read(runner.run(step(List.of(sequence), List.of(row))), 0);
          SampledToken expected =
              new Sampler(331).sample(logits, 331, parameters, tokens, length, position);
          LogitsRequest wanted = LogitsRequest.sampled(length - 1, sampling);
          SampledToken sampled =
              runner.run(step(List.of(sequence), List.of(wanted))).sampled(0, workspace);
          assertThat(sampled.token()).isEqualTo(expected.token());
          assertThat(sampled.logprob()).isCloseTo(expected.logprob(), within(1e-4f));
          assertThat(sampled.top().tokens()).isEqualTo(expected.top().tokens());
          assertThat(sampled.top().logprobs())
              .usingComparatorWithPrecision(1e-4f)
              .containsExactly(expected.top().logprobs());
        }
      }
    }
  }

  @Test
  void rowsWithAndWithoutAlternativesMixInAStep() {
    int sequences = 50; // more than the rows of logits that are computed at a time
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, 2 * sequences, 512)) {
      LogitsWorkspace workspace = new LogitsWorkspace(331);
      for (int step = 0; step < 4; step++) { // of equal form: devices may record and replay them
        List<StepSequence> queries = new ArrayList<>();
        List<LogitsRequest> requests = new ArrayList<>();
        List<LogitsRequest> rows = new ArrayList<>();
        List<SamplingParameters> wanted = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
          int[] token = {(7 * i + step) % 331};
          SamplingParameters plain = SamplingParameters.greedy(1);
          int alternatives = (i + step) % 3 * 5;
          SamplingParameters parameters =
              alternatives == 0 ? plain : plain.withTopLogprobs(alternatives);
          wanted.add(parameters);
          queries.add(new StepSequence(token, 1, new int[] {i}, null));
          requests.add(LogitsRequest.sampled(i, new TokenSampling(parameters, token, 1, 0)));
          rows.add(new LogitsRequest(i, null));
        }
        Logits all = runner.run(step(queries, rows));
        float[][] logits = new float[sequences][];
        Arrays.setAll(logits, i -> read(all, i));
        Logits sampled = runner.run(step(queries, requests));
        for (int i = 0; i < sequences; i++) {
          SampledToken token = sampled.sampled(i, workspace);
          SampledToken expected =
              new Sampler(331).sample(logits[i], 331, wanted.get(i), new int[0], 0, 0);
          assertThat(token.token()).isEqualTo(expected.token());
          assertThat(token.top().tokens()).isEqualTo(expected.top().tokens());
          assertThat(token.top().logprobs())
              .usingComparatorWithPrecision(1e-4f)
              .containsExactly(expected.top().logprobs());
        }
      }
    }
  }

  @Test
  void aStepInFlightFeedsTheNext() {
    int sequences = 50; // more than the rows of logits that are computed at a time
    SamplingParameters penalized =
        new SamplingParameters(0, 0, 1, 0, 1.5, 0, 4, List.of(), true, true);
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, 2 * sequences, 512)) {
      int[][] contexts = new int[sequences][];
      Arrays.setAll(contexts, i -> new int[] {i, 2 * i + 3, 7, 331 - 1 - i, 5});
      LogitsWorkspace workspace = new LogitsWorkspace(331);
      int[][] known = Arrays.stream(contexts).map(int[]::clone).toArray(int[][]::new);
      for (int step = 0; step < 3; step++) {
        Logits logits = runner.run(step(known, step == 0, penalized));
        for (int i = 0; i < sequences; i++) {
          known[i] = appended(known[i], logits.sampled(i, workspace).token());
        }
      }
      StepInFlight before = runner.submit(step(contexts, true, penalized));
      for (int step = 1; step < 3; step++) {
        boolean fed = before.tokensStayOnDevice();
        if (!fed) {
          assertSampled(before.await(), known, 4 + step);
        }
        int[][] grown = new int[sequences][];
        for (int i = 0; i < sequences; i++) {
          int last = fed ? StepSequence.sampledBefore(i) : known[i][4 + step];
          grown[i] = appended(Arrays.copyOf(known[i], 4 + step), last);
        }
        StepInFlight next = runner.submit(step(grown, false, penalized));
        if (fed) {
          assertSampled(before.await(), known, 4 + step);
        }
        before = next;
      }
      assertSampled(before.await(), known, 7);
    }
  }

  @Test
  void constrainedRowsHaveTokensOfTheirMasks() {
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, 2 * ConstrainedSteps.SEQUENCES, 512)) {
      new ConstrainedSteps(runner).chooseWhatTheSamplerChooses();
      new ConstrainedSteps(runner).feedTheNext();
    }
  }

  private static void assertSampled(Logits logits, int[][] expected, int place) {
    LogitsWorkspace workspace = new LogitsWorkspace(331);
    for (int i = 0; i < expected.length; i++) {
      assertThat(logits.sampled(i, workspace).token()).isEqualTo(expected[i][place]);
    }
  }

  /** The contexts' last token, or all of them, and the next token of each. */
  private static StepBatch step(int[][] contexts, boolean whole, SamplingParameters parameters) {
    List<StepSequence> queries = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    int token = -1;
    for (int i = 0; i < contexts.length; i++) {
      int length = contexts[i].length;
      int[] query = whole ? contexts[i] : new int[] {contexts[i][length - 1]};
      queries.add(new StepSequence(query, length, new int[] {2 * i + 1}, null));
      token += query.length;
      requests.add(
          LogitsRequest.sampled(
              token, new TokenSampling(parameters, contexts[i], length, length - 5)));
    }
    return new StepBatch(queries, List.of(), requests);
  }

  private static int[] appended(int[] tokens, int token) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }

  @Test
  void givesColumnsWithTheNormalizerOfTheirRow() {
    try (ModelFiles files = TinyModel.QWEN2.open();
        ModelRunner runner = open(files, 16, 4, 64)) {
      int[] columns = {330, 0, 17};
      StepSequence sequence = new StepSequence(new int[] {5, 6, 7, 8}, 4, new int[] {2}, null);
      float[] row =
          read(runner.run(step(List.of(sequence), List.of(new LogitsRequest(3, null)))), 0);
      Logits logits =
          runner.run(
              step(
                  List.of(sequence),
                  List.of(
                      LogitsRequest.scored(3, columns, true),
                      LogitsRequest.scored(0, new int[] {9}, false))));
      float[] some = read(logits, 0);
      for (int i = 0; i < columns.length; i++) {
        assertThat(some[i]).isEqualTo(row[columns[i]]);
      }
      assertThat(logits.logSumExp(0, new LogitsWorkspace(331)))
          .isCloseTo(LogProbabilities.logSumExp(row, 331), within(1e-4));
      assertThat(logits.columns(1)).isEqualTo(1);
    }
  }

  @Test
  void anAnswerDoesNotDependOnItsBatch() {
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, 64, 256)) {
      List<StepSequence> sequences = new ArrayList<>();
      List<LogitsRequest> requests = new ArrayList<>();
      for (int s = 0, last = -1; s < 16; s++) {
        int[] tokens = IntStream.range(0, 3 + s).map(i -> (31 * i + 7) % 331).toArray();
        int[] blocks = {4 * s + 2, 4 * s + 1, 4 * s};
        sequences.add(new StepSequence(tokens, tokens.length, blocks, null));
        last += tokens.length;
        requests.add(new LogitsRequest(last, null));
      }
      float[][] together = readAll(runner.run(step(sequences, requests)));
      for (int s = 0; s < 16; s++) {
        StepSequence alone = sequences.get(s);
        LogitsRequest last = new LogitsRequest(alone.tokens().length - 1, null);
        assertClose(together[s], read(runner.run(step(List.of(alone), List.of(last))), 0));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void poolsTheHiddenStatesOfHuggingFaceTransformers(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner runner = open(files, 4, 64, 128)) {
      int[] blocks = IntStream.range(0, 64).toArray();
      for (TinyModel.Prompt prompt : model.prompts()) {
        int length = prompt.tokens().length;
        boolean longContext = files.config().isLongContext(length);
        Logits results =
            runner.run(
                new StepBatch(
                    List.of(new StepSequence(prompt.tokens(), length, blocks, null, longContext)),
                    List.of(),
                    List.of(),
                    List.of(new PoolingRequest(length - 1, 1), new PoolingRequest(0, length))));
        float[] sum = new float[prompt.lastHiddenState().length];
        results.readPooled(0, sum);
        assertThat(cosine(sum, prompt.lastHiddenState()))
            .isGreaterThan(leastCosine(files.config()));
        results.readPooled(1, sum);
        assertThat(cosine(sum, prompt.meanHiddenState()))
            .isGreaterThan(leastCosine(files.config()));
      }
    }
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(squaresOfA * squaresOfB);
  }

  /** Without experts: rounding may choose others for a token. */
  @ParameterizedTest
  @EnumSource(names = {"LLAMA", "MISTRAL", "QWEN3", "GEMMA2", "PHI3_LONGROPE", "OLMO2"})
  void sumsHiddenStatesOfSomeTokens(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner runner = open(files, 8, 32, 128)) {
      ReferenceTransformer reference = new ReferenceTransformer(files);
      int[] first = IntStream.range(0, 29).map(i -> (17 * i + 5) % 331).toArray();
      int[] second = IntStream.range(0, 40).map(i -> (23 * i + 1) % 331).toArray();
      int[] firstBlocks = {3, 0, 7, 9};
      int[] secondBlocks = {1, 2, 4, 5, 6};
      float[] lastLogits = run(runner, second, secondBlocks, new int[] {39})[0];
      boolean firstLong = files.config().isLongContext(first.length);
      boolean secondLong = files.config().isLongContext(second.length);
      runner.run(
          step(
              List.of(new StepSequence(Arrays.copyOf(first, 11), 11, firstBlocks, null, firstLong)),
              List.of()));
      StepSequence rest =
          new StepSequence(Arrays.copyOfRange(first, 11, 29), 29, firstBlocks, null, firstLong);
      StepSequence whole = new StepSequence(second, 40, secondBlocks, null, secondLong);
      List<PoolingRequest> pooling =
          List.of(
              new PoolingRequest(17, 1), // the first sequence's last token
              new PoolingRequest(18, 40), // all of the second one's
              new PoolingRequest(20, 7),
              new PoolingRequest(0, 18));
      for (List<LogitsRequest> logits :
          List.of(List.<LogitsRequest>of(), List.of(new LogitsRequest(57, null)))) {
        Logits results =
            runner.run(new StepBatch(List.of(rest, whole), List.of(), logits, pooling));
        assertThat(results.rows()).isEqualTo(logits.size());
        double[][] firstStates = reference.hiddenStates(first);
        double[][] secondStates = reference.hiddenStates(second);
        assertPooled(runner, results, 0, Arrays.copyOfRange(firstStates, 28, 29));
        assertPooled(runner, results, 1, secondStates);
        assertPooled(runner, results, 2, Arrays.copyOfRange(secondStates, 2, 9));
        assertPooled(runner, results, 3, Arrays.copyOfRange(firstStates, 11, 29));
        if (results.rows() > 0) {
          assertClose(read(results, 0), lastLogits);
        }
      }
    }
  }

  @Test
  void pooledStepsOfEqualFormMayBeMany() {
    int sequences = 50; // more than the rows of logits that are computed at a time
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, sequences, 512)) {
      ReferenceTransformer reference = new ReferenceTransformer(files);
      for (int step = 0; step < 4; step++) { // of one token each, as steps of decodes are
        List<StepSequence> queries = new ArrayList<>();
        List<PoolingRequest> pooling = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
          int[] token = {(7 * i + step) % 331};
          queries.add(new StepSequence(token, 1, new int[] {i}, null));
          pooling.add(new PoolingRequest(i, 1));
        }
        Logits results = runner.run(new StepBatch(queries, List.of(), List.of(), pooling));
        for (int i = 0; i < sequences; i++) {
          assertPooled(runner, results, i, reference.hiddenStates(queries.get(i).tokens()));
        }
      }
    }
  }

  @Test
  void refusesToPoolTokensThatTheStepDoesNotHave() {
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, 4, 32)) {
      StepSequence sequence = new StepSequence(new int[] {1, 2, 3}, 3, new int[] {0}, null);
      for (PoolingRequest wrong :
          List.of(new PoolingRequest(-1, 2), new PoolingRequest(1, 3), new PoolingRequest(1, 0))) {
        StepBatch step = new StepBatch(List.of(sequence), List.of(), List.of(), List.of(wrong));
        assertThatThrownBy(() -> runner.run(step))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("a step of 3");
      }
    }
  }

  /** The sum of states, by its mean: an element of a state has about the size of a logit. */
  private void assertPooled(ModelRunner runner, Logits results, int request, double[][] states) {
    float[] mean = new float[states[0].length];
    double[] expected = new double[mean.length];
    results.readPooled(request, mean);
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= states.length;
      for (double[] state : states) {
        expected[i] += state[i] / states.length;
      }
    }
    assertThat(largestDifference(mean, expected)).isLessThan(rowTolerance(runner.config()));
  }

  /** As an engine closes its runner, and so does a test that has opened it. */
  @Test
  void closingAgainHasNoEffect() {
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 4, 64, 128)) {
      runner.close();
      runner.close();
    }
  }

  @Test
  void refusesWhatItsCacheAndVocabularyDoNotHave() {
    try (ModelFiles files = TinyModel.LLAMA.open();
        ModelRunner runner = open(files, 8, 4, 32)) {
      assertRefused(runner, new StepSequence(new int[] {331}, 1, new int[] {0}, null), "331");
      assertRefused(runner, new StepSequence(new int[] {1}, 1, new int[] {4}, null), "Block 4");
      assertRefused(
          runner, new StepSequence(new int[] {1}, 9, new int[] {0}, null), "context of 9");
      assertRefused(runner, new StepSequence(new int[33], 33, new int[5], null), "33 tokens");
    }
  }

  private static void assertRefused(ModelRunner runner, StepSequence sequence, String message) {
    assertThatThrownBy(() -> runner.run(step(List.of(sequence), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static int[] path(int[] context, int[] nodes, int[] parents, int node) {
    List<Integer> tokens = new ArrayList<>();
    for (int n = node; n >= 0; n = parents[n]) {
      tokens.add(0, nodes[n]);
    }
    return IntStream.concat(Arrays.stream(context), tokens.stream().mapToInt(Integer::intValue))
        .toArray();
  }

  private static float[][] run(ModelRunner runner, int[] tokens, int[] blocks, int[] positions) {
    List<LogitsRequest> requests =
        Arrays.stream(positions).mapToObj(token -> new LogitsRequest(token, null)).toList();
    boolean longContext = runner.config().isLongContext(tokens.length);
    StepSequence sequence = new StepSequence(tokens, tokens.length, blocks, null, longContext);
    return readAll(runner.run(step(List.of(sequence), requests)));
  }

  static StepBatch step(List<StepSequence> sequences, List<LogitsRequest> requests) {
    return new StepBatch(sequences, List.of(), requests);
  }

  static float[] read(Logits logits, int row) {
    float[] result = new float[logits.columns(row)];
    logits.read(row, result);
    return result;
  }

  private static float[][] readAll(Logits logits) {
    return IntStream.range(0, logits.rows())
        .mapToObj(row -> read(logits, row))
        .toArray(float[][]::new);
  }

  private void assertClose(float[] logits, float[] expected) {
    assertClose(logits, toDoubles(expected));
  }

  private static double[] toDoubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private void assertClose(float[] logits, double[] expected) {
    assertThat(largestDifference(logits, expected)).isLessThan(tolerance());
  }

  /** NaN, if one of the logits is. */
  static double largestDifference(float[] logits, double[] expected) {
    assertThat(logits).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < logits.length; i++) {
      largest = Math.max(largest, Math.abs(logits[i] - expected[i]));
    }
    return largest;
  }

  private static int argMax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
