package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.Sampler;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Steps in which some rows are constrained and others are not, on a runner of blocks of 8 tokens:
 * each token is the one that the sampler chooses from the row's logits under its mask.
 */
final class ConstrainedSteps {
  /** More than the rows of logits that are computed at a time. */
  static final int SEQUENCES = 50;

  private static final int PROMPT = 5;
  private static final int STEPS = 5;

  private static final List<SamplingParameters> PARAMETERS =
      List.of(
          SamplingParameters.greedy(9),
          new SamplingParameters(0.7, 0, 1, 0, 1, 5, 9, List.of(), false, true),
          new SamplingParameters(1.3, 12, 1, 0, 1, 6, 9, List.of(), false, true),
          new SamplingParameters(1.1, 40, 0.8, 0.01, 1.4, 7, 9, List.of(), false, true),
          new SamplingParameters(0, 0, 1, 0, 1.7, 8, 9, List.of(), false, true));

  private final ModelRunner runner;
  private final int vocabulary;
  private final LogitsWorkspace workspace;

  ConstrainedSteps(ModelRunner runner) {
    this.runner = runner;
    vocabulary = runner.config().vocabularySize();
    workspace = new LogitsWorkspace(vocabulary);
  }

  private static SamplingParameters parameters(int sequence) {
    return PARAMETERS.get(sequence % PARAMETERS.size());
  }

  /** Tokens of a prompt, one for each sequence. */
  private int[][] prompts() {
    int[][] prompts = new int[SEQUENCES][];
    Arrays.setAll(prompts, i -> new int[] {i, 2 * i + 3, 7, vocabulary - 1 - i, 5});
    return prompts;
  }

  private TokenMask mask(IntStream tokens) {
    long[] words = new long[(vocabulary + Long.SIZE - 1) / Long.SIZE];
    tokens.forEach(token -> words[token / Long.SIZE] |= 1L << token);
    return new TokenMask(words);
  }

  /** The whole contexts or their last tokens, and the next token of each. */
  private StepBatch step(int[][] contexts, boolean whole, @Nullable LateMask[] masks) {
    List<StepSequence> queries = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    int token = -1;
    for (int i = 0; i < contexts.length; i++) {
      int length = contexts[i].length;
      int[] query = whole ? contexts[i] : new int[] {contexts[i][length - 1]};
      queries.add(new StepSequence(query, length, new int[] {2 * i, 2 * i + 1}, null));
      token += query.length;
      requests.add(
          LogitsRequest.sampled(
              token,
              new TokenSampling(parameters(i), contexts[i], length, length - PROMPT, masks[i])));
    }
    return new StepBatch(queries, List.of(), requests);
  }

  /** Masks from one token to all of them, compared with the sampler on the rows of logits. */
  void chooseWhatTheSamplerChooses() {
    int[][] prompts = prompts();
    Random random = new Random(3);
    TokenMask all = mask(IntStream.range(0, vocabulary));
    TokenMask last = mask(IntStream.of(vocabulary - 1));
    TokenMask few = mask(random.ints(4, 0, vocabulary));
    @Nullable TokenMask[] masks = new TokenMask[SEQUENCES];
    for (int i = 0; i < SEQUENCES; i++) {
      masks[i] =
          switch (i % 7) {
            case 0, 1 -> null;
            case 2 -> all;
            case 3 -> last;
            case 4 -> few;
            default -> mask(random.ints(1 + random.nextInt(vocabulary), 0, vocabulary));
          };
    }
    StepBatch batch = step(prompts, true, lateMasks(masks));
    Logits rows =
        runner.run(
            new StepBatch(
                batch.sequences(),
                List.of(),
                batch.logits().stream()
                    .map(request -> new LogitsRequest(request.token(), null))
                    .toList()));
    float[][] logits = new float[SEQUENCES][vocabulary];
    for (int i = 0; i < SEQUENCES; i++) {
      rows.read(i, logits[i]);
    }
    for (int repetition = 0; repetition < 2; repetition++) {
      Logits results = runner.run(batch);
      for (int i = 0; i < SEQUENCES; i++) {
        SampledToken expected =
            new Sampler(vocabulary)
                .sample(logits[i], vocabulary, parameters(i), prompts[i], PROMPT, 0, masks[i]);
        SampledToken sampled = results.sampled(i, workspace);
        assertThat(sampled.token()).as("row %s", i).isEqualTo(expected.token());
        assertThat(sampled.logprob()).isCloseTo(expected.logprob(), within(1e-4f));
      }
    }
  }

  /** Every other row is free; the masks of the others are those of {@code masks}, if not null. */
  private static @Nullable LateMask[] lateMasks(@Nullable TokenMask[] masks) {
    @Nullable LateMask[] late = new LateMask[masks.length];
    Arrays.setAll(late, i -> i % 7 == 0 ? null : () -> masks[i]);
    return late;
  }

  /** The mask of every second sequence depends on the token before, and recurs. */
  private final class Masks {
    private final TokenMask[] all = new TokenMask[11];
    private final @Nullable TokenMask[] current = new TokenMask[SEQUENCES];

    Masks() {
      Arrays.setAll(
          all, n -> mask(IntStream.range(0, vocabulary).filter(token -> token % (n + 2) == 1)));
    }

    void follow(int[][] contexts) {
      for (int i = 0; i < SEQUENCES; i++) {
        int last = contexts[i][contexts[i].length - 1];
        current[i] = all[(last + i) % all.length];
      }
    }

    @Nullable LateMask[] late() {
      @Nullable LateMask[] late = new LateMask[SEQUENCES];
      Arrays.setAll(late, i -> i % 2 == 0 ? null : () -> current[i]);
      return late;
    }
  }

  /**
   * Steps one by one, and the same with the tokens of each named in the next before it is awaited.
   */
  void feedTheNext() {
    int[][] known = prompts();
    int[][] unconstrained = prompts();
    Masks masks = new Masks();
    for (int step = 0; step < STEPS; step++) {
      masks.follow(known);
      known = grown(known, runner.run(step(known, step == 0, masks.late())));
    }
    for (int step = 0; step < STEPS; step++) {
      @Nullable LateMask[] none = new LateMask[SEQUENCES];
      unconstrained = grown(unconstrained, runner.run(step(unconstrained, step == 0, none)));
    }
    for (int i = 0; i < SEQUENCES; i += 2) {
      assertThat(known[i]).as("a free row among constrained ones").isEqualTo(unconstrained[i]);
    }
    int[][] contexts = prompts();
    masks.follow(contexts);
    StepInFlight before = runner.submit(step(contexts, true, masks.late()));
    before.sample();
    for (int step = 1; step < STEPS; step++) {
      boolean fed = before.tokensStayOnDevice();
      if (!fed) {
        contexts = grown(contexts, before.await());
      }
      int[][] next = fed ? grownByPlaceholders(contexts) : contexts;
      StepInFlight submitted = runner.submit(step(next, false, masks.late()));
      if (fed) {
        contexts = grown(contexts, before.await());
      }
      masks.follow(contexts);
      submitted.sample();
      before = submitted;
    }
    contexts = grown(contexts, before.await());
    assertThat(contexts).isDeepEqualTo(known);
  }

  private int[][] grown(int[][] contexts, Logits logits) {
    int[][] grown = new int[contexts.length][];
    Arrays.setAll(grown, i -> appended(contexts[i], logits.sampled(i, workspace).token()));
    return grown;
  }

  private static int[][] grownByPlaceholders(int[][] contexts) {
    int[][] grown = new int[contexts.length][];
    Arrays.setAll(grown, i -> appended(contexts[i], StepSequence.sampledBefore(i)));
    return grown;
  }

  private static int[] appended(int[] tokens, int token) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }
}
