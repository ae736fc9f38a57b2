package io.nightshift.operators.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.runner.DeviceLostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmPredictFunctionTest {
  @TempDir private static Path folder;

  private LlmPredictFunction function;

  @BeforeAll
  static void copyModel() {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  @BeforeEach
  void open() throws Exception {
    TestEngines.reset();
    open(Duration.ZERO);
  }

  private void open(Duration timeout) throws Exception {
    function =
        new LlmPredictFunction(
            TestEngines.model("model queues (hf:a/b)", "", folder.resolve("model")),
            new InputColumns(List.of("body"), List.of(DataTypes.STRING().getLogicalType())),
            (answer, texts) ->
                GenericRowData.of(answer.completion(), answer.errorCode(), answer.errorMessage()),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            new PredictLimits(timeout, false));
    function.open(
        new FunctionContext(null) {
          @Override
          public Set<ExternalResourceInfo> getExternalResourceInfos(String name) {
            return Set.of();
          }
        });
  }

  @AfterEach
  void close() throws Exception {
    function.close();
    assertThat(TestEngines.CLOSED).hasValue(TestEngines.OPENED.get());
  }

  private CompletableFuture<Collection<RowData>> ask(@Nullable StringData body) {
    return function.asyncPredict(GenericRowData.of(body));
  }

  private GenericRowData answer(@Nullable StringData body) throws Exception {
    Collection<RowData> rows = ask(body).get(1, TimeUnit.MINUTES);
    assertThat(rows).hasSize(1);
    return (GenericRowData) rows.iterator().next();
  }

  @Test
  void rowsThatGiveNoPromptHaveErrors() throws Exception {
    assertThat(answer(StringData.fromString("hello")).getField(1)).isNull();
    assertThat(answer(null).getField(1)).isEqualTo("prompt_null");
    assertThat(answer(StringData.fromString(" ")).getField(1)).isEqualTo("prompt_empty");
    assertThat(answer(StringData.fromBytes(new byte[] {'a', (byte) 0xff})).getField(1))
        .isEqualTo("invalid_utf8");
    assertThat(answer(StringData.fromString("\uFFFD")).getField(1)).isNull();
  }

  /** Before Flink would fail the job. */
  @Test
  void rowsWithoutAnAnswerInTimeHaveAnError() throws Exception {
    function.close();
    open(Duration.ofMillis(100));
    TestEngines.getStuck();
    GenericRowData row = answer(StringData.fromString("hello"));
    assertThat(row.getField(1)).isEqualTo("timeout");
    assertThat(row.getField(2).toString()).contains("table.exec.async-ml-predict.timeout");
  }

  @Test
  void aFailureNamesTheModel() {
    TestEngines.loseDevice();
    assertThatThrownBy(() -> ask(StringData.fromString("hello")).get(1, TimeUnit.MINUTES))
        .cause()
        .hasMessage("the engine of model queues (hf:a/b) failed: the device is lost")
        .hasCauseInstanceOf(DeviceLostException.class);
  }
}
