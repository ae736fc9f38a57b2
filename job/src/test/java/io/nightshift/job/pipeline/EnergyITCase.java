package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.RunReport;
import io.nightshift.operators.infer.EngineDescription;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.energy.EnergyCounter;
import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.energy.EnergyNotMeasuredException;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose engines have devices with counters of energy. */
class EnergyITCase {
  private static final int ROWS = 300;
  private static final double WATTS = 36_000;

  private static final EngineSelection MEASURED = (job, model) -> new SharedGpu();

  @TempDir private Path folder;

  @BeforeEach
  void writeInput() throws IOException {
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; required binary body (STRING); }",
        ROWS,
        (id, row) -> row.append("id", (long) id).append("body", "note " + id));
  }

  private String job() {
    return """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {max-tokens: 4}
        output: {path: %1$s/answers}
        engine: {kv-cache-memory: 2m, max-running-sequences: 8}
        plan: {unit-tokens: 500}
        cost: {gpu-hour: 3600, kwh: 100, currency: EUR}
        """
        .formatted(folder);
  }

  private static double number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as("%s in%n%s", pattern, text).isTrue();
    return Double.parseDouble(matcher.group(1).replace(",", ""));
  }

  @Test
  void theSummaryHasEnergyAndCost() throws Exception {
    String text = new EmbeddedRuns(MEASURED, Map.of("parallelism.default", "2")).run(job()).text();

    double joules = number(text, "energy +([\\d.,]+) J of GPUs: ");
    double gpuSeconds = number(text, "([\\d.]+) GPU-seconds a row") * ROWS;
    // One GPU: what two engines took at the same time counts once, and not twice. A thread may have
    // to wait between the readings of the counter and of the clock.
    assertThat(joules / gpuSeconds).isCloseTo(WATTS, within(0.3 * WATTS));
    assertThat(number(text, ": ([\\d.,]+) J a row"))
        .isCloseTo(joules / ROWS, within(0.01 * joules));
    // A second costs 1 EUR, and 36 kJ are a hundredth of a kilowatt-hour, another 1 EUR.
    assertThat(number(text, "cost +([\\d.,]+) EUR"))
        .isCloseTo(gpuSeconds + joules / WATTS, within(0.02 * gpuSeconds));
    assertThat(text).contains("CPU energy not measured: it is a test\n");
  }

  @Test
  void aMeasuredRunSaysWhatAnotherOneTakes() throws Exception {
    EmbeddedRuns runs = new EmbeddedRuns(MEASURED);
    assertThat(runs.plan(job()).text()).doesNotContain("takes");
    String measured = runs.run(job()).text();
    double joules = number(measured, "energy +([\\d.,]+) J of GPUs: ");
    double cost = number(measured, "cost +([\\d.,]+) EUR");

    Path output = folder.resolve("answers");
    String again = runs.plan(job()).text();
    String other =
        runs.planAs(
                new org.apache.flink.core.fs.Path(output.toString()),
                job().replace("/answers", "/others"))
            .text();
    assertThat(number(again, "takes +about ([\\d.,]+) J, ")).isCloseTo(joules, within(1.0));
    assertThat(number(again, "GPU-hours, ([\\d.,]+) EUR")).isCloseTo(cost, within(0.01 * cost));
    // By the tokens that are computed, of which the plan expects fewer than these short rows have.
    assertThat(number(other, "takes +about ([\\d.,]+) J, ")).isBetween(0.2 * joules, joules);
    for (String plan : List.of(again, other)) {
      assertThat(plan).contains("as the run of " + output + " that began at ");
    }
    assertThatThrownBy(
            () -> runs.planAs(new org.apache.flink.core.fs.Path(folder.toString()), job()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("is not the output of a run");
  }

  @Test
  void enginesWithoutDevicesHaveNoEnergy() throws Exception {
    RunReport report = new EmbeddedRuns((job, model) -> new FakeEngines(512, 8)).run(job());
    assertThat(report.text()).doesNotContain("energy").doesNotContain("cost");
  }

  /** Engines on one GPU of constant power, on a host whose CPUs have no counter. */
  private record SharedGpu() implements EngineFactory {
    @Override
    public TaskEngine create() {
      return new TaskEngine(
          new LlmEngine(
              FakeEngines.runner(512, 8), Arrays::toString, EngineConfig.cpu().withThreads(1)),
          specification -> {
            throw new UnsupportedOperationException();
          },
          String::valueOf,
          new EngineDescription("GPU 0 (test)", "bf16"),
          new EnergyMeter(List.of(new ConstantPower(), new NoCounter())),
          () -> {});
    }
  }

  private static final class ConstantPower implements EnergyCounter {
    @Override
    public EnergyDevice device() {
      return new EnergyDevice(EnergyDevice.Kind.GPU, "GPU-0");
    }

    @Override
    public double joules() {
      return WATTS * System.nanoTime() / 1e9;
    }
  }

  private static final class NoCounter implements EnergyCounter {
    @Override
    public EnergyDevice device() {
      return new EnergyDevice(EnergyDevice.Kind.CPU, "package-0");
    }

    @Override
    public double joules() throws EnergyNotMeasuredException {
      throw new EnergyNotMeasuredException("CPU energy not measured: it is a test");
    }
  }
}
