package io.nightshift.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static final int[] NO_CONTEXT = {};

  @Test
  void greedyTakesTheLowestIdAmongEquals() {
    assertThat(sample(new float[] {1, 3, 2, 3}, SamplingParameters.greedy(1), 0)).isEqualTo(1);
  }

  @Test
  void atTheBorderOfTopKTheLowestIdsStay() {
    float[] logits = {1, 1, 2, 1};
    TokenDistribution distribution = new TokenDistribution(4);
    distribution.fill(logits, 4, parameters(1, 2, 1, 0, 0));
    double[] probabilities = distribution.probabilities(4);
    assertThat(probabilities[0]).isPositive();
    assertThat(probabilities[2]).isGreaterThan(probabilities[0]);
    assertThat(probabilities[1] + probabilities[3]).isZero();
  }

  @Test
  void drawsDependOnSeedAndPositionOnly() {
    float[] logits = logits(1000, 1);
    Sampler sampler = new Sampler(logits.length);
    for (int seed = 0; seed < 20; seed++) {
      SamplingParameters parameters = parameters(1, 0, 1, 0, seed);
      int first = sampler.sample(logits, 1000, parameters, NO_CONTEXT, 0, 5).token();
      int other = sampler.sample(logits, 1000, parameters, NO_CONTEXT, 0, 6).token();
      int again = new Sampler(1000).sample(logits, 1000, parameters, NO_CONTEXT, 0, 5).token();
      assertThat(again).isEqualTo(first).isNotEqualTo(other);
    }
  }

  @Test
  void aMaskedTokenIsThatOfLogitsThatAreMinusInfinityElsewhere() {
    Random random = new Random(8);
    Sampler sampler = new Sampler(203);
    for (int round = 0; round < 300; round++) {
      float[] logits = logits(203, round);
      long[] words = random.longs(random.nextBoolean() ? 4 : 1 + random.nextInt(3)).toArray();
      for (int i = 0; i < words.length && random.nextBoolean(); i++) {
        words[i] = random.nextBoolean() ? ~(1L << i) : 1L << random.nextInt(40);
      }
      TokenMask mask = new TokenMask(words);
      float[] masked = logits.clone();
      for (int token = 0; token < 203; token++) {
        masked[token] = mask.contains(token) ? logits[token] : Float.NEGATIVE_INFINITY;
      }
      SamplingParameters parameters =
          new SamplingParameters(
              round % 3 == 0 ? 0 : random.nextDouble() + 0.1,
              round % 2 == 0 ? 0 : 1 + random.nextInt(250),
              random.nextBoolean() ? 1 : 0.5,
              random.nextBoolean() ? 0 : 0.05,
              random.nextBoolean() ? 1 : 1.4,
              round,
              1,
              List.of(),
              false,
              true);
      int[] context = random.ints(20, 0, 203).toArray();

      SampledToken sampled = sampler.sample(logits, 203, parameters, context, 20, round, mask);

      assertThat(mask.contains(sampled.token())).isTrue();
      assertThat(sampled.token())
          .isEqualTo(sampler.sample(masked, 203, parameters, context, 20, round).token());
      assertThat((double) sampled.logprob())
          .isCloseTo(
              logits[sampled.token()] - LogProbabilities.logSumExp(logits, 203), within(1e-5));
    }
  }

  @Test
  void logitsThatAreNoDistributionHaveNoMaskedToken() {
    TokenMask mask = new TokenMask(new long[] {0b0110});
    float infinite = Float.NEGATIVE_INFINITY;
    for (SamplingParameters parameters :
        List.of(SamplingParameters.greedy(1), parameters(1, 0, 1, 0, 3))) {
      for (float[] logits :
          new float[][] {
            {Float.NaN, 1, 2, 3}, {1, Float.NaN, 2, 3}, {1, infinite, infinite, 2},
          }) {
        assertThatThrownBy(
                () -> new Sampler(4).sample(logits, 4, parameters, NO_CONTEXT, 0, 0, mask))
            .isInstanceOf(LogitsException.class);
      }
    }
  }

  @Test
  void theMostProbableTokensAreThoseOfASortWithTheLowestIdFirstAmongEquals() {
    Random random = new Random(8);
    for (int count : new int[] {1, 2, 7, 20, 331, 5000}) {
      float[] logits = new float[count];
      for (int i = 0; i < count; i++) {
        logits[i] = random.nextInt(3) == 0 ? random.nextInt(4) : (float) random.nextGaussian();
      }
      List<Integer> sorted =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer token) -> -logits[token]))
              .toList();
      double sum = LogProbabilities.logSumExp(logits, count);
      for (int top : new int[] {0, 1, 5, 20}) {
        SamplingParameters penalized =
            new SamplingParameters(0.7, 3, 1, 0, 1.9, 3, 1, List.of(), false, true, top);
        TopLogprobs found =
            new Sampler(count)
                .sample(logits, count, penalized, new int[] {sorted.get(0)}, 1, 0)
                .top();
        assertThat(Arrays.stream(found.tokens()).boxed().toList())
            .isEqualTo(sorted.subList(0, Math.min(top, count)));
        for (int i = 0; i < found.tokens().length; i++) {
          assertThat(found.logprobs()[i]).isEqualTo((float) (logits[sorted.get(i)] - sum));
        }
      }
    }
  }

  @Test
  void doesNotChangeTheLogits() {
    float[] logits = logits(50, 2);
    float[] before = logits.clone();
    new Sampler(50)
        .sample(
            logits,
            50,
            new SamplingParameters(0.7, 9, 0.8, 0.01, 1.4, 3, 1, List.of(), false, true),
            new int[] {1, 2, 3, 1},
            4,
            0);
    assertThat(logits).isEqualTo(before);
  }

  /** Pearson's test at a probability of 1 in 1000; the draws are fixed, so it passes or not. */
  @Test
  void drawsFollowTheDistribution() {
    int count = 30;
    int draws = 50_000;
    float[] logits = logits(count, 3);
    for (SamplingParameters shape :
        List.of(
            parameters(1, 0, 1, 0, 0),
            parameters(2, 0, 1, 0, 0),
            parameters(0.8, 12, 1, 0, 0),
            parameters(1.3, 20, 0.9, 0.02, 0))) {
      TokenDistribution distribution = new TokenDistribution(count);
      distribution.fill(logits, count, shape);
      double[] probabilities = distribution.probabilities(count);

      int[] overSeeds = new int[count];
      int[] overPositions = new int[count];
      for (int i = 0; i < draws; i++) {
        overSeeds[distribution.draw(CounterRandom.uniform(i, 0))]++;
        overPositions[distribution.draw(CounterRandom.uniform(42, i))]++;
      }

      assertThat(chiSquare(overSeeds, probabilities, draws)).isLessThan(critical(probabilities));
      assertThat(chiSquare(overPositions, probabilities, draws))
          .isLessThan(critical(probabilities));
    }
  }

  private static double chiSquare(int[] counts, double[] probabilities, int draws) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = probabilities[i] * draws;
      if (expected > 0) {
        sum += (counts[i] - expected) * (counts[i] - expected) / expected;
      } else {
        assertThat(counts[i]).isZero();
      }
    }
    return sum;
  }

  /** The 99.9% quantile of the chi-square distribution (Wilson and Hilferty, 1931). */
  private static double critical(double[] probabilities) {
    long freedom = Arrays.stream(probabilities).filter(p -> p > 0).count() - 1;
    double a = 2.0 / (9 * freedom);
    return freedom * Math.pow(1 - a + 3.0902 * Math.sqrt(a), 3);
  }

  @Test
  void neighboringSeedsAndPositionsAreUncorrelated() {
    int draws = 20_000;
    double seeds = 0;
    double positions = 0;
    for (int i = 0; i < draws; i++) {
      double here = CounterRandom.uniform(i, i) - 0.5;
      seeds += here * (CounterRandom.uniform(i + 1, i) - 0.5);
      positions += here * (CounterRandom.uniform(i, i + 1) - 0.5);
    }
    // The product's standard deviation is 1/12 for each draw.
    double fourDeviations = 4.0 / 12 * Math.sqrt(draws);
    assertThat(Math.abs(seeds)).isLessThan(fourDeviations);
    assertThat(Math.abs(positions)).isLessThan(fourDeviations);
  }

  @Test
  void tinyTemperatureIsGreedyAndHugeOneUniform() {
    float[] logits = logits(20, 4);
    int greedy = sample(logits, SamplingParameters.greedy(1), 0);
    assertThat(sample(logits, parameters(1e-300, 0, 1, 0, 1), 0)).isEqualTo(greedy);
    TokenDistribution distribution = new TokenDistribution(20);
    distribution.fill(logits, 20, parameters(1e300, 0, 1, 0, 1));
    assertThat(distribution.probabilities(20)).containsOnly(0.05);
  }

  @Test
  void refusesLogitsThatAreNoDistribution() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] logits = {1, bad, 2};
      assertThatThrownBy(() -> sample(logits, SamplingParameters.greedy(1), 0))
          .isInstanceOf(LogitsException.class)
          .hasMessageContaining("3 logits");
      assertThatThrownBy(() -> sample(logits, parameters(1, 0, 1, 0, 0), 0))
          .isInstanceOf(LogitsException.class);
    }
  }

  @Test
  void refusesParametersOutOfRange() {
    assertThatThrownBy(() -> parameters(-1, 0, 1, 0, 0)).hasMessageContaining("temperature is -1");
    assertThatThrownBy(() -> parameters(1, -1, 1, 0, 0)).hasMessageContaining("top-k is -1");
    assertThatThrownBy(() -> parameters(1, 0, 0, 0, 0)).hasMessageContaining("top-p is 0");
    assertThatThrownBy(() -> parameters(1, 0, 1, 2, 0)).hasMessageContaining("min-p is 2");
    assertThatThrownBy(() -> parameters(Double.NaN, 0, 1, 0, 0))
        .hasMessageContaining("temperature is NaN");
    assertThatThrownBy(() -> SamplingParameters.greedy(0)).hasMessageContaining("max tokens is 0");
    assertThatThrownBy(() -> SamplingParameters.greedy(1).withTopLogprobs(21))
        .hasMessageContaining("top logprobs is 21, must be from 0 to 20");
  }

  private static int sample(float[] logits, SamplingParameters parameters, int position) {
    return new Sampler(logits.length)
        .sample(logits, logits.length, parameters, NO_CONTEXT, 0, position)
        .token();
  }

  private static SamplingParameters parameters(
      double temperature, int topK, double topP, double minP, long seed) {
    return new SamplingParameters(
        temperature, topK, topP, minP, 1, seed, 1, List.of(), false, false);
  }

  private static float[] logits(int count, long seed) {
    Random random = new Random(seed);
    float[] logits = new float[count];
    for (int i = 0; i < count; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    return logits;
  }
}
