package io.nightshift.runtime.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.Sampler;
import io.nightshift.runtime.sampling.SamplingParameters;
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
