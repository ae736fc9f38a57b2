package io.nightshift.benchmarks;

import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.Sampler;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One token from one row of logits, for the vocabularies of SmolLM2 and of Qwen3. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SamplerBenchmark {
  private static final SamplingParameters GREEDY = SamplingParameters.greedy(16);
  private static final SamplingParameters TRUNCATED = random(50, 0.95);
  private static final SamplingParameters WHOLE = random(0, 1);

  @Param({"49152", "151936"})
  private int vocabulary = 49_152;

  private final int[] context = new Random(2).ints(500, 0, 49_152).toArray();
  private float[] logits = {};
  private Sampler sampler = new Sampler(1);

  private static SamplingParameters random(int topK, double topP) {
    return new SamplingParameters(0.8, topK, topP, 0, 1, 7, 16, List.of(), false, false);
  }

  @Setup
  public void fill() {
    Random random = new Random(1);
    logits = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      logits[i] = 3 * (float) random.nextGaussian();
    }
    sampler = new Sampler(vocabulary);
  }

  @Benchmark
  public SampledToken greedy() {
    return sample(GREEDY);
  }

  @Benchmark
  public SampledToken topKAndTopP() {
    return sample(TRUNCATED);
  }

  @Benchmark
  public SampledToken wholeVocabulary() {
    return sample(WHOLE);
  }

  private SampledToken sample(SamplingParameters parameters) {
    return sampler.sample(logits, vocabulary, parameters, context, context.length, 3);
  }
}
