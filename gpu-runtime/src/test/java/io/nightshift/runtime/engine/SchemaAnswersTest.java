package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.nightshift.runtime.bench.SyntheticVocabulary;
import io.nightshift.runtime.bench.Workload;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.constraint.Constraints;
import io.nightshift.runtime.constraint.mask.Vocabulary;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.PipelinedRunner;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random logits through a JSON Schema: every answer is valid, however few tokens it has. */
class SchemaAnswersTest {

  private static final int VOCABULARY = 1200;
  private static final int END = 5;
  private static final SyntheticVocabulary TOKENS =
      new SyntheticVocabulary(VOCABULARY, Set.of(END), Workload.schema());
  private static final Vocabulary WORDS =
      new Vocabulary(TOKENS.tokens(), Set.of(END), 0, TOKENS::encode);
  private static final Constraint CONSTRAINT =
      Constraints.compile(new ConstraintSpecification.JsonSchema(Workload.schema(), false), WORDS);
  private static final Constraint SCORED =
      Constraints.compile(
          new ConstraintSpecification.JsonSchema(Workload.schema(), false, true), WORDS);
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Workload.schema(), InputFormat.JSON);

  private static String decode(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      bytes.writeBytes(TOKENS.tokens()[token]);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<Request> requests(Constraint constraint) {
    Random random = new Random(5);
    int shortest = CONSTRAINT.shortestTokens();
    List<Request> requests = new ArrayList<>();
    for (int id = 0; id < 12; id++) {
      int maxTokens = id < 4 ? shortest + id : shortest + random.nextInt(4 * shortest);
      SamplingParameters parameters =
          new SamplingParameters(
              id % 2, 0, 1, 0, id % 3 == 0 ? 1.3 : 1, id, maxTokens, List.of(), false, false);
      int[] prompt = random.ints(5 + id, 0, VOCABULARY).toArray();
      requests.add(new Request(id, prompt, parameters, Optional.empty(), Optional.of(constraint)));
    }
    return requests;
  }

  private static List<Completion> answers(
      Constraint constraint, boolean forcedTokens, boolean inFlight) {
    FakeModelRunner runner =
        new FakeModelRunner(FakeModelRunner.config(VOCABULARY, 2000, END), 2000, 8, 200, 3);
    Map<Long, Completion> completions = new TreeMap<>();
    EngineConfig options =
        EngineConfig.cpu().withThreads(2).withMaxStepTokens(200).withForcedTokens(forcedTokens);
    try (LlmEngine engine =
        new LlmEngine(
            inFlight ? new PipelinedRunner(runner, 4) : runner,
            SchemaAnswersTest::decode,
            options)) {
      requests(constraint).forEach(engine::add);
      while (engine.hasUnfinished()) {
        engine.step().forEach(completion -> completions.put(completion.id(), completion));
      }
      assertThat(engine.statistics().forcedTokens() > 0)
          .isEqualTo(forcedTokens || constraint == SCORED);
    }
    return List.copyOf(completions.values());
  }

  private static void assertValid(Request request, Completion completion) {
    assertThat(completion.errorMessage()).isNull();
    assertThat(completion.outputTokens().length)
        .isLessThanOrEqualTo(request.sampling().maxTokens());
    assertThat(SCHEMA.validate(completion.text(), InputFormat.JSON))
        .as(completion.text())
        .isEmpty();
  }

  @Test
  void everyAnswerIsValidWithAnyNumberOfTokens() {
    List<Completion> sampled = answers(CONSTRAINT, false, false);
    List<Completion> forced = answers(CONSTRAINT, true, false);
    List<Completion> inFlight = answers(CONSTRAINT, true, true);

    for (Request request : requests(CONSTRAINT)) {
      int row = (int) request.id();
      for (List<Completion> answers : List.of(sampled, forced, inFlight)) {
        assertValid(request, answers.get(row));
      }
      assertThat(inFlight.get(row).outputTokens()).isEqualTo(forced.get(row).outputTokens());
    }
    assertThat(sampled)
        .extracting(Completion::finishReason)
        .contains(FinishReason.LENGTH, FinishReason.STOP);
  }

  @Test
  void everyAnswerWithScoredFieldsIsValidWithAnyNumberOfTokens() {
    List<Completion> sampled = answers(SCORED, false, false);
    List<Completion> forced = answers(SCORED, true, false);
    List<Completion> inFlight = answers(SCORED, true, true);

    for (Request request : requests(SCORED)) {
      int row = (int) request.id();
      for (List<Completion> answers : List.of(sampled, forced, inFlight)) {
        Completion completion = answers.get(row);
        assertValid(request, completion);
        assertThat(completion.fieldProbabilities().values())
            .allMatch(probability -> probability > 0 && probability <= 1);
      }
      assertThat(inFlight.get(row).outputTokens()).isEqualTo(forced.get(row).outputTokens());
      assertThat(inFlight.get(row).fieldProbabilities())
          .isEqualTo(forced.get(row).fieldProbabilities());
    }
    assertThat(forced).anyMatch(completion -> completion.fieldProbabilities().size() > 2);
  }

  @Test
  void tooFewTokensForTheShortestAnswerAreRefused() {
    Request request =
        new Request(
            1,
            new int[] {1},
            SamplingParameters.greedy(CONSTRAINT.shortestTokens() - 1),
            Optional.empty(),
            Optional.of(CONSTRAINT));
    FakeModelRunner runner =
        new FakeModelRunner(FakeModelRunner.config(VOCABULARY, 2000, END), 200, 8, 200, 3);
    try (LlmEngine engine =
        new LlmEngine(runner, SchemaAnswersTest::decode, EngineConfig.cpu().withThreads(1))) {
      engine.add(request);
      assertThat(engine.step())
          .extracting(Completion::error)
          .containsExactly(RequestError.CONSTRAINT_TOO_LONG);
    }
  }
}
