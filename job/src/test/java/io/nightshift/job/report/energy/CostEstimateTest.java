package io.nightshift.job.report.energy;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.options.JobSpecification.Prices;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.energy.CostEstimate.Unit;
import io.nightshift.job.report.runs.RunDescription;
import io.nightshift.job.report.runs.RunRecord;
import io.nightshift.job.report.runs.RunResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CostEstimateTest {
  private static final Path OUTPUT = new Path("/out");
  private static final Instant STARTED = Instant.parse("2026-11-30T01:00:00Z");
  private static final String RUN = "as the run of /out that began at 2026-11-30T01:00:00Z";

  private static final Prices PRICES =
      new Prices(OptionalDouble.of(3.6), OptionalDouble.of(0.36), Optional.of("EUR"));

  /** A run of 100 rows with 1,000 tokens computed. */
  private static RunRecord record(@Nullable EnergyFigures energy) {
    return new RunRecord(
        new RunDescription(
            "run", "1", "/out", null, "model", STARTED, 100, 0, null, List.of(), List.of()),
        new RunResult(
            RunResult.State.DONE,
            null,
            STARTED.plusSeconds(60),
            Map.of("stop", 100L),
            8_600,
            8_000,
            400,
            50,
            List.of(),
            energy,
            Map.of(),
            null),
        List.of());
  }

  private static EnergyFigures energy(@Nullable Double joulesPerRow, double gpuSecondsPerRow) {
    return new EnergyFigures(
        joulesPerRow,
        null,
        joulesPerRow,
        null,
        null,
        gpuSecondsPerRow,
        null,
        null,
        null,
        List.of());
  }

  private static List<String> lines(Unit unit, EnergyFigures energy, Prices prices) {
    return CostEstimate.of(OUTPUT, record(energy), unit).orElseThrow().lines(2_000, 50_000, prices);
  }

  @Test
  void rowsOfTheSameJobTakeTheSame() {
    // 2,000 rows of 500 J and 3 s: a million joules, and 6,000 seconds.
    assertThat(lines(Unit.ROWS, energy(500.0, 3), PRICES))
        .containsExactly("about 1,000,000 J, 1.67 GPU-hours, 6.10 EUR", RUN);
  }

  @Test
  void rowsOfAnotherJobAreComparedByTheirTokens() {
    // 50,000 tokens of 50 J and 0.3 s.
    assertThat(lines(Unit.TOKENS, energy(500.0, 3), PRICES))
        .containsExactly("about 2,500,000 J, 4.17 GPU-hours, 15.3 EUR", RUN);
  }

  @Test
  void saysWhatIsKnown() {
    Prices none = new Prices(OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());
    assertThat(lines(Unit.ROWS, energy(null, 1.8), PRICES))
        .containsExactly("about 1.00 GPU-hours, 3.60 EUR", RUN);
    assertThat(lines(Unit.ROWS, energy(500.0, 0), none)).containsExactly("about 1,000,000 J", RUN);
    assertThat(CostEstimate.of(OUTPUT, record(null), Unit.ROWS)).isEmpty();
    assertThat(CostEstimate.of(OUTPUT, record(energy(null, 0)), Unit.ROWS)).isEmpty();
  }
}
