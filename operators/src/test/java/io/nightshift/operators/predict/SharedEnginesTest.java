package io.nightshift.operators.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.operators.infer.Answer;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedEnginesTest {
  private static final List<Integer> NO_GPUS = List.of();

  @TempDir private static Path folder;

  @BeforeAll
  static void copyModel() {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  @BeforeEach
  void resetEngines() {
    TestEngines.reset();
  }

  private static PredictModel model(String name, String options) {
    return TestEngines.model(name, options, folder.resolve("model"));
  }

  private static SharedEngines.Lease acquire(PredictModel model, List<Integer> gpus)
      throws Exception {
    return SharedEngines.acquire(model, gpus, new UnregisteredMetricsGroup());
  }

  private static List<CompletableFuture<Answer>> ask(
      SharedEngines.Lease lease, PredictModel model, int rows) {
    ModelRequests requests = lease.engine().requests(model);
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      answers.add(lease.engine().answer(requests, RenderedPrompt.trusted("prompt " + row)));
    }
    return answers;
  }

  @Test
  void subtasksShareAnEngineUntilTheLastOneHasClosed() throws Exception {
    PredictModel one = model("one", "same");
    PredictModel other = model("other", "same");
    SharedEngines.Lease first = acquire(one, NO_GPUS);
    SharedEngines.Lease second = acquire(other, NO_GPUS);
    assertThat(second.engine()).isSameAs(first.engine());
    List<CompletableFuture<Answer>> answers = ask(first, one, 40);
    answers.addAll(ask(second, other, 40));
    for (int row = 0; row < 40; row++) {
      Answer answer = answers.get(row).get(1, TimeUnit.MINUTES);
      assertThat(answer.errorCode()).isNull();
      assertThat(answer.completion())
          .isEqualTo(answers.get(40 + row).get(1, TimeUnit.MINUTES).completion());
    }
    first.close();
    first.close();
    assertThat(TestEngines.CLOSED).hasValue(0);
    assertThat(ask(second, other, 1).get(0).get(1, TimeUnit.MINUTES).errorCode()).isNull();
    second.close();
    assertThat(TestEngines.CLOSED).hasValue(1);
    acquire(one, NO_GPUS).close();
    assertThat(TestEngines.OPENED).hasValue(2);
    assertThat(TestEngines.CLOSED).hasValue(2);
  }

  @Test
  void promptsOfTheWrongLengthAreErrorsOfTheirRows() throws Exception {
    PredictModel model = model("model", "same");
    try (SharedEngines.Lease lease = acquire(model, NO_GPUS)) {
      ModelRequests requests = lease.engine().requests(model);
      RenderedPrompt tooLong = RenderedPrompt.trusted("prompt ".repeat(101));
      assertThat(lease.engine().answer(requests, tooLong).get(1, TimeUnit.MINUTES).errorCode())
          .isEqualTo("prompt_too_long");
      assertThat(
              lease
                  .engine()
                  .answer(requests, RenderedPrompt.trusted(""))
                  .get(1, TimeUnit.MINUTES)
                  .errorCode())
          .isEqualTo("prompt_empty");
    }
  }

  @Test
  void anEngineThatHasFailedIsReplaced() throws Exception {
    PredictModel model = model("model", "same");
    SharedEngines.Lease failed = acquire(model, NO_GPUS);
    TestEngines.loseDevice();
    for (CompletableFuture<Answer> answer : ask(failed, model, 5)) {
      assertThatThrownBy(() -> answer.get(1, TimeUnit.MINUTES))
          .hasCauseInstanceOf(DeviceLostException.class);
    }
    assertThat(ask(failed, model, 1).get(0)).isCompletedExceptionally();
    TestEngines.findDevice();
    failed.close();
    try (SharedEngines.Lease replaced = acquire(model, NO_GPUS)) {
      assertThat(ask(replaced, model, 1).get(0).get(1, TimeUnit.MINUTES).errorCode()).isNull();
    }
    assertThat(TestEngines.CLOSED).hasValue(2);
  }

  @Test
  void closingDropsWhatHasNoAnswer() throws Exception {
    PredictModel model = model("model", "same");
    SharedEngines.Lease lease = acquire(model, NO_GPUS);
    TestEngines.getStuck();
    List<CompletableFuture<Answer>> answers = ask(lease, model, 5);
    lease.close();
    assertThat(TestEngines.CLOSED).hasValue(1);
    assertThat(answers).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void eachGpuHasAnEngine() throws Exception {
    PredictModel model = model("model", "same");
    List<Integer> gpus = List.of(0, 1);
    try (SharedEngines.Lease first = acquire(model, gpus);
        SharedEngines.Lease second = acquire(model, gpus);
        SharedEngines.Lease third = acquire(model, gpus)) {
      assertThat(second.engine()).isNotSameAs(first.engine());
      assertThat(third.engine()).isIn(first.engine(), second.engine());
      assertThat(TestEngines.OPENED).hasValue(2);
    }
    assertThat(TestEngines.CLOSED).hasValue(2);
  }

  @Test
  void enginesOfSeveralGpusAreAsManyAsTheGpusAreEnoughFor() throws Exception {
    PredictModel model = TestEngines.model("model", "same", 2, folder.resolve("model"));
    List<Integer> gpus = List.of(0, 1, 2, 3);
    try (SharedEngines.Lease first = acquire(model, gpus);
        SharedEngines.Lease second = acquire(model, gpus);
        SharedEngines.Lease third = acquire(model, gpus)) {
      assertThat(second.engine()).isNotSameAs(first.engine());
      assertThat(third.engine()).isIn(first.engine(), second.engine());
      assertThat(TestEngines.OPENED).hasValue(2);
    }
    assertThat(TestEngines.CLOSED).hasValue(2);
  }

  @Test
  void twoModelsThatNeedTheSameGpuAreBothNamed() throws Exception {
    PredictModel queues = model("model queues (hf:a/b)", "some");
    PredictModel summaries = model("model summaries (hf:c/d)", "others");
    try (SharedEngines.Lease lease = acquire(queues, List.of(0))) {
      assertThatThrownBy(() -> acquire(summaries, List.of(0)))
          .hasMessageContaining(
              "model summaries (hf:c/d) has no GPU, since model queues (hf:a/b) holds it")
          .hasMessageContaining("external-resource.gpu.amount");
      assertThat(lease.engine().hasFailed()).isFalse();
    }
    acquire(summaries, List.of(0)).close();
  }
}
