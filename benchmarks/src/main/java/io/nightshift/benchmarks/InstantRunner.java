package io.nightshift.benchmarks;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.util.Arrays;
import java.util.Set;

/** A model that says the same token after everything, and takes no time for it. */
final class InstantRunner implements ModelRunner {
  static final int VOCABULARY = 128_256;

  private static final int BLOCK_SIZE = 16;
  private static final int BLOCKS = 32_768;
  private static final int STEP_TOKENS = 8_192;
  private static final SampledToken TOKEN = new SampledToken(7, Float.NaN, TopLogprobs.NONE);

  private final ModelConfig config =
      ModelShape.llama(
          16,
          2048,
          AttentionConfig.plain(32, 8, 64),
          8192,
          VOCABULARY,
          131_072,
          RopeConfig.unscaled(500_000, 64),
          true,
          Set.of(1));

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public int blockSize() {
    return BLOCK_SIZE;
  }

  @Override
  public int blockCount() {
    return BLOCKS;
  }

  @Override
  public int maxStepTokens() {
    return STEP_TOKENS;
  }

  @Override
  public Logits run(StepBatch batch) {
    return new SameToken(batch.logits().size());
  }

  @Override
  public void close() {}

  private record SameToken(int rows) implements Logits {
    @Override
    public int columns(int row) {
      return VOCABULARY;
    }

    @Override
    public void read(int row, float[] target) {
      Arrays.fill(target, 0);
    }

    @Override
    public double logSumExp(int row, LogitsWorkspace workspace) {
      return Math.log(VOCABULARY);
    }

    @Override
    public SampledToken sampled(int row, LogitsWorkspace workspace) {
      return TOKEN;
    }

    @Override
    public void readPooled(int request, float[] target) {
      Arrays.fill(target, 0);
    }
  }
}
