package io.nightshift.runtime.engine;

import static io.nightshift.runtime.engine.SmolLm2.NEAR_TIE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.Golden.GoldenChoices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A row's answer with the small real model does not depend on the rows around it: the answers that
 * 64 rows get one by one, each from an engine that has seen nothing before, are compared with what
 * they get together, out of the prefix cache and in any order.
 */
class AnswerInvarianceTest {

  private static final int ROWS = 64;
  private static final int LONGEST_PROMPT = 105;
  private static final int OUTPUT_TOKENS = 3;

  /** Of log probabilities and of choices' probabilities: sums in f32, in another order. */
  private static final double TOLERANCE = 1e-4;

  private static final List<Golden> ROW_GOLDENS =
      Golden.read("smollm2/prompts.json.gz").stream()
          .filter(golden -> golden.tokens().length <= LONGEST_PROMPT)
          .limit(ROWS)
          .toList();

  @SuppressWarnings("NullAway.Init")
  private static CpuEngines engines;

  @SuppressWarnings("NullAway.Init")
  private static List<Request> planned;

  private static final Map<Long, Completion> ALONE = new TreeMap<>();

  @BeforeAll
  static void answerEachRowAlone() {
    engines = SmolLm2.open();
    planned = plannedRequests();
    for (Request request : planned) {
      ALONE.putAll(engines.answer(List.of(request), EngineConfig.cpu()));
    }
    assertThat(ALONE).hasSize(ROWS);
    assertThat(ALONE.values()).allMatch(completion -> completion.cachedTokens() == 0);
  }

  @AfterAll
  static void close() {
    engines.close();
  }

  /** About half of the rows have choices, the others generate; sorted by token ids. */
  private static List<Request> plannedRequests() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Golden golden = ROW_GOLDENS.get(i);
      GoldenChoices given = golden.choices();
      requests.add(
          given == null
              ? golden.greedyRequest(i, OUTPUT_TOKENS, false)
              : golden.scoringRequest(i, engines.choices(given.texts())));
    }
    requests.sort(Comparator.comparing(Request::promptTokens, Arrays::compare));
    return requests;
  }

  @Test
  void aBatchOf64EqualsABatchOf1AndCachedEqualsUncached() {
    assertSameAnswers("all together", planned, EngineConfig.cpu());
  }

  @Test
  void oneAfterTheOtherWithACacheEqualsUncached() {
    List<Request> scored =
        planned.stream().filter(request -> request.choices().isPresent()).toList();
    EngineConfig oneAtATime = EngineConfig.cpu().withMaxRunningSequences(1);
    assertSameAnswers("one after the other", scored, oneAtATime);
  }

  @Test
  void anyOrderEqualsThePlannedOrder() {
    int[] stepTokens = {512, 173, 64};
    for (int seed = 0; seed < stepTokens.length; seed++) {
      List<Request> shuffled = new ArrayList<>(planned);
      Collections.shuffle(shuffled, new Random(seed));
      EngineConfig options = EngineConfig.cpu().withMaxStepTokens(stepTokens[seed]);
      assertSameAnswers("random order " + seed, shuffled, options);
    }
  }

  private static void assertSameAnswers(String name, List<Request> requests, EngineConfig options) {
    Map<Long, Completion> completions = engines.answer(requests, options);
    assertThat(completions).as(name).hasSameSizeAs(requests);
    int cached = completions.values().stream().mapToInt(Completion::cachedTokens).sum();
    int prompts = completions.values().stream().mapToInt(Completion::promptTokens).sum();
    assertThat(cached).as("cached of %d prompt tokens", prompts).isGreaterThan(prompts / 5);
    Difference logprobs = new Difference();
    Difference probabilities = new Difference();
    for (Completion completion : completions.values()) {
      Completion alone = requireNonNull(ALONE.get(completion.id()));
      Golden golden = ROW_GOLDENS.get((int) completion.id());
      assertThat(completion.finishReason()).as(golden.text()).isEqualTo(alone.finishReason());
      if (golden.choices() == null) {
        int decided = Math.min(golden.decidedTokens(NEAR_TIE), alone.outputTokens().length);
        assertThat(Arrays.copyOf(completion.outputTokens(), decided))
            .as("%s: %s", name, golden.text())
            .isEqualTo(Arrays.copyOf(alone.outputTokens(), decided));
        for (int i = 0; i < decided; i++) {
          logprobs.add(completion.logprobs()[i], alone.logprobs()[i]);
        }
      } else {
        for (int i = 0; i < alone.choiceProbabilities().length; i++) {
          probabilities.add(completion.choiceProbabilities()[i], alone.choiceProbabilities()[i]);
        }
      }
    }
    System.out.printf(
        "%s: log probabilities %s, choices' probabilities %s%n", name, logprobs, probabilities);
    assertThat(logprobs.largest).as(name).isLessThan(TOLERANCE);
    assertThat(probabilities.largest).as(name).isLessThan(TOLERANCE);
  }

  /** The largest of many differences. */
  private static final class Difference {
    private double largest;
    private int count;

    void add(double actual, double expected) {
      assertThat(actual).isFinite();
      largest = Math.max(largest, Math.abs(actual - expected));
      count++;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "differ by %.1e at most (of %d)", largest, count);
    }
  }
}
