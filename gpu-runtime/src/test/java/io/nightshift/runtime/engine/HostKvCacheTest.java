package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import io.nightshift.runtime.runner.TinyModel;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions on more documents than the device holds, in random order. */
class HostKvCacheTest {
  private static final int BLOCK_SIZE = 4;
  private static final int DOCUMENTS = 40;
  private static final int QUESTIONS = 4;
  private static final int DOCUMENT_BLOCKS = 8;
  private static final int DOCUMENT_TOKENS = DOCUMENT_BLOCKS * BLOCK_SIZE;
  private static final int QUESTION_TOKENS = 3;

  /** Documents that the device holds, besides questions and answers. */
  private static final int ON_DEVICE = 9;

  private static final EngineConfig OPTIONS =
      EngineConfig.cpu().withMaxStepTokens(64).withMaxRunningSequences(4).withThreads(1);

  private static List<Request> requests(int vocabulary, long seed) {
    Random random = new Random(seed);
    List<int[]> documents =
        IntStream.range(0, DOCUMENTS)
            .mapToObj(any -> random.ints(DOCUMENT_TOKENS, 0, vocabulary).toArray())
            .toList();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS * QUESTIONS; i++) {
      int[] prompt = Arrays.copyOf(documents.get(i % DOCUMENTS), DOCUMENT_TOKENS + QUESTION_TOKENS);
      for (int token = DOCUMENT_TOKENS; token < prompt.length; token++) {
        prompt[token] = random.nextInt(vocabulary);
      }
      SamplingParameters sampling =
          new SamplingParameters(0, 0, 1, 0, 1, 0, 1 + random.nextInt(6), List.of(), true, true);
      requests.add(new Request(i, prompt, sampling, Optional.empty()));
    }
    Collections.shuffle(requests, random);
    return requests;
  }

  private static EngineStatistics run(
      ModelRunner runner, List<Request> requests, Map<Long, Completion> completions) {
    try (LlmEngine engine = new LlmEngine(runner, tokens -> "", OPTIONS)) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        engine.step().forEach(completion -> completions.put(completion.id(), completion));
      }
      return engine.statistics();
    }
  }

  private static FakeModelRunner fake(int hostDocuments) {
    int blocks = (ON_DEVICE + 1) * DOCUMENT_BLOCKS;
    return new FakeModelRunner(
        FakeModelRunner.config(500, 1000),
        List.of(new BlockGroup(0, blocks)),
        BLOCK_SIZE,
        OPTIONS.maxStepTokens(),
        7,
        hostDocuments * DOCUMENT_BLOCKS);
  }

  private static long computedDocuments(EngineStatistics statistics) {
    long questions = (long) DOCUMENTS * QUESTIONS * QUESTION_TOKENS;
    return Math.round((statistics.promptTokens() - questions) / (double) DOCUMENT_TOKENS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachDocumentIsComputedOnceIfTheHostHoldsThem(boolean pipelined) {
    List<Request> requests = requests(500, 1);
    FakeModelRunner fake = fake(DOCUMENTS);
    EngineStatistics statistics =
        run(pipelined ? new PipelinedRunner(fake, 3) : fake, requests, new TreeMap<>());

    assertThat(computedDocuments(statistics)).isEqualTo(DOCUMENTS);
    long again = (long) DOCUMENTS * (QUESTIONS - 1) * DOCUMENT_TOKENS;
    // Questions may begin alike.
    assertThat(statistics.cachedTokens()).isBetween(again, again + DOCUMENTS);
    assertThat(statistics.host().loadedTokens()).isBetween(again / 4, again);
  }

  /** Belady's algorithm, which knows all requests, with the documents that both memories hold. */
  @Test
  void documentsAreEvictedByTheirNextUse() {
    int onHost = 14;
    for (int seed = 0; seed < 10; seed++) {
      List<Request> requests = requests(500, seed);
      EngineStatistics without = run(fake(0), requests, new TreeMap<>());
      EngineStatistics with = run(fake(onHost), requests, new TreeMap<>());

      int best = computedByBelady(requests, ON_DEVICE + onHost);
      int worst = computedByBelady(requests, ON_DEVICE + onHost - 6);
      assertThat(computedDocuments(with)).as("seed %d", seed).isBetween((long) best, (long) worst);
      assertThat(computedDocuments(with)).isLessThan(computedDocuments(without) * 3 / 4);
    }
  }

  private static int computedByBelady(List<Request> requests, int capacity) {
    List<Integer> order = requests.stream().map(request -> (int) request.id() % DOCUMENTS).toList();
    List<Integer> held = new ArrayList<>();
    int computed = 0;
    for (int i = 0; i < order.size(); i++) {
      List<Integer> later = order.subList(i + 1, order.size());
      if (!held.contains(order.get(i))) {
        computed++;
        held.add(order.get(i));
      }
      if (held.size() > capacity) {
        held.remove(
            Collections.max(
                held, (a, b) -> Integer.compareUnsigned(later.indexOf(a), later.indexOf(b))));
      }
    }
    return computed;
  }

  @ParameterizedTest
  @EnumSource(
      value = TinyModel.class,
      names = {"LLAMA", "QWEN3", "MISTRAL"})
  void answersAreThoseOfAnEngineWithoutHostMemory(TinyModel model) {
    try (ModelFiles files = model.open();
        ModelRunner with = cpu(files, 8 << 20);
        ModelRunner without = cpu(files, 0)) {
      List<Request> requests = requests(files.config().vocabularySize(), 5);
      Map<Long, Completion> expected = new TreeMap<>();
      Map<Long, Completion> answers = new TreeMap<>();
      run(without, requests, expected);
      EngineStatistics statistics = run(with, requests, answers);

      assertThat(statistics.host().loadedTokens()).isGreaterThan(5 * DOCUMENT_TOKENS);
      expected.forEach(
          (id, completion) -> {
            Completion answer = Objects.requireNonNull(answers.get(id));
            assertThat(answer.outputTokens()).isEqualTo(completion.outputTokens());
            assertThat(answer.logprobs()).containsExactly(completion.logprobs(), within(1e-4f));
          });
    }
  }

  private static ModelRunner cpu(ModelFiles files, long hostMemory) {
    return new CpuModelRunner(
        files,
        EngineConfig.cpu()
            .withDtype(DataType.F32)
            .withThreads(1)
            .withBlockSize(BLOCK_SIZE)
            .withKvCacheTokens((ON_DEVICE + 1) * DOCUMENT_TOKENS)
            .withHostKvCacheMemory(hostMemory)
            .withMaxStepTokens(OPTIONS.maxStepTokens()));
  }
}
