package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.Sampler;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sampling.cu} against the engine's {@link Sampler}: the same logits, the same token. */
@Tag("gpu")
class SamplingKernelTest {
  private static final int VOCABULARY = 49_152;
  private static final int ROWS = 200;
  private static final int CONTEXT = 60;

  @TempDir Path cacheFolder;
  private final Random random = new Random();

  @Test
  void choosesTheTokensOfTheSampler() {
    float[] logits = new float[ROWS * VOCABULARY];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    int words = VOCABULARY / Integer.SIZE;
    int[] seen = new int[ROWS * words];
    int[][] contexts = new int[ROWS][];
    @Nullable TokenMask[] masks = new TokenMask[ROWS];
    SamplingParameters[] parameters = new SamplingParameters[ROWS];
    ByteBuffer rows = DeviceKernels.buffer(ROWS * SamplingRows.BYTES);
    for (int row = 0; row < ROWS; row++) {
      contexts[row] = random.ints(CONTEXT, 0, VOCABULARY).toArray();
      for (int token : contexts[row]) {
        seen[row * words + token / Integer.SIZE] |= 1 << token % Integer.SIZE;
      }
      parameters[row] = randomParameters();
      boolean constrained = row % 3 == 0;
      masks[row] = constrained ? randomMask() : null;
      SamplingRows.put(
          rows, parameters[row], row, row, constrained ? row / 3 : SamplingRows.NO_BIT_SET);
    }
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long tokens = kernels.poisoned(ROWS * Integer.BYTES);
      long logprobs = kernels.poisoned(ROWS * Float.BYTES);
      kernels
          .begin()
          .address(kernels.floats(logits))
          .address(VOCABULARY)
          .integer(VOCABULARY)
          .address(kernels.upload(rows.flip()))
          .address(kernels.ints(seen))
          .address(kernels.ints(bitSets(masks)))
          .address(tokens)
          .address(logprobs)
          .address(kernels.poisoned(ROWS * Float.BYTES));
      kernels.run(
          "sampling", Map.of("LOGITS_F32", 1), KernelLaunch.of("sample_tokens", ROWS, 1024));
      int[] chosen = kernels.readInts(tokens, ROWS);
      float[] chances = kernels.readFloats(logprobs, ROWS);
      Sampler sampler = new Sampler(VOCABULARY);
      for (int row = 0; row < ROWS; row++) {
        float[] own = new float[VOCABULARY];
        System.arraycopy(logits, row * VOCABULARY, own, 0, VOCABULARY);
        SampledToken expected =
            sampler.sample(
                own, VOCABULARY, parameters[row], contexts[row], CONTEXT, row, masks[row]);
        assertThat(chosen[row]).isEqualTo(expected.token());
        assertThat(chances[row]).isCloseTo(expected.logprob(), within(1e-4f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 19, 331, 8_191, 32_003, 151_936, 1 << 20})
  void findsTheMostProbableTokensOfTheSampler(int vocabulary) {
    int count = vocabulary > 100_000 ? 12 : 60;
    Random seeded = new Random(vocabulary);
    float[] logits = new float[count * vocabulary];
    for (int i = 0; i < logits.length; i++) {
      int row = i / vocabulary;
      logits[i] =
          switch (row % 4) {
            case 0 -> (float) (3 * seeded.nextGaussian());
            case 1 -> seeded.nextInt(3); // ties
            case 2 -> -0.001f * (i % vocabulary); // neighbors, which few threads have
            default -> seeded.nextInt(8) > 0 ? Float.NEGATIVE_INFINITY : seeded.nextFloat() - 0.5f;
          };
    }
    logits[4 * vocabulary + 1] = Float.NaN;
    logits[5 * vocabulary] = Float.POSITIVE_INFINITY;
    for (int row = 3; row < count; row += 4) {
      logits[row * vocabulary] = 0.0f; // one that is finite
    }
    SamplingParameters greedy = SamplingParameters.greedy(1);
    int[] wanted = {20, 5, 1, 0, 20, 20, 20, 20};
    ByteBuffer rows = DeviceKernels.buffer(count * SamplingRows.BYTES);
    SamplingParameters[] parameters = new SamplingParameters[count];
    for (int row = 0; row < count; row++) {
      int top = wanted[row % wanted.length];
      parameters[row] = top == 0 ? greedy : greedy.withTopLogprobs(top);
      SamplingRows.put(rows, parameters[row], 0, SamplingRows.NO_BIT_SET, SamplingRows.NO_BIT_SET);
    }
    int ints = 2 * SamplingParameters.MAX_TOP_LOGPROBS;
    try (DeviceKernels kernels = new DeviceKernels(cacheFolder)) {
      long top = kernels.poisoned(count * ints * Integer.BYTES);
      int poison = kernels.readInts(top, 1)[0];
      kernels
          .begin()
          .address(kernels.floats(logits))
          .address(vocabulary)
          .integer(vocabulary)
          .address(kernels.upload(rows.flip()))
          .address(top);
      kernels.run(
          "sampling", Map.of("LOGITS_F32", 1), KernelLaunch.of("top_logprobs", count, 1024));
      int[] found = kernels.readInts(top, count * ints);
      Sampler sampler = new Sampler(vocabulary);
      for (int row = 0; row < count; row++) {
        int[] pairs = Arrays.copyOfRange(found, row * ints, (row + 1) * ints);
        int asked = parameters[row].topLogprobs();
        for (int i = 2 * asked; i < ints; i++) {
          assertThat(pairs[i]).isEqualTo(poison);
        }
        TopLogprobs expected =
            row == 4 || row == 5
                ? TopLogprobs.NONE
                : sampler
                    .sample(
                        Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary),
                        vocabulary,
                        parameters[row],
                        new int[0],
                        0,
                        0)
                    .top();
        for (int i = 0; i < asked; i++) {
          float logprob = Float.intBitsToFloat(pairs[2 * i + 1]);
          if (i < expected.tokens().length) {
            assertThat(pairs[2 * i]).isEqualTo(expected.tokens()[i]);
            assertThat(logprob).isCloseTo(expected.logprobs()[i], within(1e-4f));
          } else {
            assertThat(pairs[2 * i]).isEqualTo(-1);
            assertThat(logprob).isNaN();
          }
        }
      }
    }
  }

  /** Of a few tokens, or of about half of them. */
  private TokenMask randomMask() {
    long[] words = new long[VOCABULARY / Long.SIZE];
    if (random.nextBoolean()) {
      Arrays.setAll(words, i -> random.nextLong());
    } else {
      random
          .ints(1 + random.nextInt(5), 0, VOCABULARY)
          .forEach(token -> words[token / Long.SIZE] |= 1L << token);
    }
    return new TokenMask(words);
  }

  /** The masks of the constrained rows, as ints. */
  private static int[] bitSets(@Nullable TokenMask[] masks) {
    return Arrays.stream(masks)
        .filter(Objects::nonNull)
        .flatMapToLong(mask -> LongStream.of(mask.words()))
        .boxed()
        .flatMapToInt(word -> IntStream.of(word.intValue(), (int) (word >>> Integer.SIZE)))
        .toArray();
  }

  private SamplingParameters randomParameters() {
    return new SamplingParameters(
        random.nextInt(3) == 0 ? 0 : 0.2 + random.nextDouble(),
        random.nextBoolean() ? 0 : 1 + random.nextInt(200),
        random.nextBoolean() ? 1 : 0.2 + 0.8 * random.nextDouble(),
        random.nextBoolean() ? 0 : random.nextDouble() / 10,
        random.nextBoolean() ? 1 : 0.5 + random.nextDouble(),
        random.nextLong(),
        16,
        List.of(),
        false,
        true);
  }
}
