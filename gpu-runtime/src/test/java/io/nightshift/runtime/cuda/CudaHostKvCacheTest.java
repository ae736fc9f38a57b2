package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.HostCopySteps;
import io.nightshift.runtime.sampling.SamplingParameters;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of the KV cache in pinned host memory, in both types of keys and values. */
@Tag("gpu")
class CudaHostKvCacheTest {
  private static final ModelConfig CONFIG =
      PlainLlama.config(4, 512, 8, 2, 64, 1024, 1000, 1024, 1);

  private static final int DOCUMENTS = 60;
  private static final int QUESTIONS = 4;
  private static final int DOCUMENT_TOKENS = 512;

  /** Rounding differs with what else is in a step. */
  private static final float TOLERANCE = 0.15f;

  private static EngineConfig options(int kvCacheTokens, long hostMemory, boolean fp8KvCache) {
    return EngineConfig.cuda()
        .withKvCacheTokens(kvCacheTokens)
        .withHostKvCacheMemory(hostMemory)
        .withFp8KvCache(fp8KvCache)
        .withMaxStepTokens(2048)
        .withMaxRunningSequences(64);
  }

  private static CudaModelRunner runner(EngineConfig options) {
    return CudaModelRunner.withRandomWeights(CONFIG, options);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void blocksHaveTheSameBitsWhenTheyComeBack(boolean fp8KvCache) {
    try (CudaModelRunner runner = runner(options(1024, 64 << 20, fp8KvCache))) {
      for (int seed = 0; seed < 20; seed++) {
        new HostCopySteps(runner, seed).run();
      }
    }
  }

  /** The first token's distribution depends on the prefix alone. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void documentsThatWereInHostMemoryGiveTheSameAnswers(boolean fp8KvCache) {
    List<Request> requests = requests(CONFIG.vocabularySize());
    Map<Long, Completion> expected = new TreeMap<>();
    int all = 2 * DOCUMENTS * DOCUMENT_TOKENS;
    EngineStatistics without = run(options(all, 0, fp8KvCache), requests, expected);
    Map<Long, Completion> answers = new TreeMap<>();
    EngineStatistics with =
        run(options(12 * DOCUMENT_TOKENS, 1 << 30, fp8KvCache), requests, answers);

    assertThat(without.host().blocks()).isZero();
    assertThat(with.host().loadedTokens()).isGreaterThan(20L * DOCUMENT_TOKENS);
    assertThat(with.promptTokens()).isLessThan(without.promptTokens() * 5 / 4);
    expected.forEach(
        (id, completion) ->
            assertThat(Objects.requireNonNull(answers.get(id)).logprobs()[0])
                .as("row %d", id)
                .isCloseTo(completion.logprobs()[0], within(TOLERANCE)));
  }

  @Test
  void lessThanABlockIsRefused() {
    assertThatThrownBy(() -> runner(options(1024, 100, false)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("engine.host-kv-cache-memory gives 100 bytes");
  }

  private static EngineStatistics run(
      EngineConfig options, List<Request> requests, Map<Long, Completion> completions) {
    try (LlmEngine engine = new LlmEngine(runner(options), tokens -> "", options)) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        engine.step().forEach(completion -> completions.put(completion.id(), completion));
      }
      return engine.statistics();
    }
  }

  private static List<Request> requests(int vocabulary) {
    Random random = new Random(17);
    List<int[]> documents =
        IntStream.range(0, DOCUMENTS)
            .mapToObj(any -> random.ints(DOCUMENT_TOKENS, 0, vocabulary).toArray())
            .toList();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS * QUESTIONS; i++) {
      int[] prompt = Arrays.copyOf(documents.get(i % DOCUMENTS), DOCUMENT_TOKENS + 5);
      for (int token = DOCUMENT_TOKENS; token < prompt.length; token++) {
        prompt[token] = random.nextInt(vocabulary);
      }
      SamplingParameters sampling =
          new SamplingParameters(0, 0, 1, 0, 1, 0, 1 + random.nextInt(40), List.of(), true, true);
      requests.add(new Request(i, prompt, sampling, Optional.empty()));
    }
    Collections.shuffle(requests, random);
    return requests;
  }
}
