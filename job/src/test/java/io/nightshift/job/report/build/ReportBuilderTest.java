package io.nightshift.job.report.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.report.EngineFigures;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.answers.AnswerSurvey;
import io.nightshift.job.report.runs.RunDescription;
import io.nightshift.job.report.runs.RunRecord;
import io.nightshift.job.report.runs.RunResult;
import io.nightshift.job.report.runs.RunResult.State;
import io.nightshift.operators.report.EngineSeries;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;

class ReportBuilderTest {
  private static final Instant STARTED = Instant.parse("2026-11-30T21:00:00Z");

  @Test
  void anEngineHasTheEnergyOfItsTaskUnlessTheTaskRestarted() throws IOException {
    RunDescription run =
        new RunDescription(
            "id", "1", "/out", null, "model", STARTED, 3, 0, null, List.of(), List.of());
    RunResult result =
        new RunResult(
            State.DONE,
            null,
            STARTED.plusSeconds(9),
            Map.of("stop", 3L),
            30,
            0,
            6,
            9,
            List.of(),
            null,
            Map.of(0, 250.0, 1, 300.0),
            null);
    RunRecord record =
        new RunRecord(run, result, List.of(engine(0, 0), engine(1, 0), engine(1, 1), engine(2, 0)));

    ReportData report =
        ReportBuilder.of(
            new ReportedOutput(new Path("/out"), record, Optional.empty()),
            AnswerSurvey.of(List.of(), 1, Map.of()));

    assertThat(report.engines())
        .extracting(EngineFigures::joules)
        .containsExactly(250.0, null, null, null);
  }

  private static EngineSeries engine(int task, int attempt) {
    return EngineSeries.beginning(task, attempt, "night", "GPU 0 (NVIDIA H200)", "bf16");
  }
}
