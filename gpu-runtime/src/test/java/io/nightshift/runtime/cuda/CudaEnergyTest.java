package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The counter of a GPU's energy against the power that nvidia-smi shows. */
@Tag("gpu")
class CudaEnergyTest {
  private static final int STEP_TOKENS = 2048;
  private static final int BLOCK = 16;
  private static final double LOAD_SECONDS = 10;
  private static final double TOLERANCE = 0.03;
  private static final int SAMPLE_MILLIS = 50;

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS", Locale.ROOT);

  private static final EngineConfig OPTIONS =
      EngineConfig.cuda()
          .withBlockSize(BLOCK)
          .withKvCacheTokens(2 * STEP_TOKENS)
          .withMaxStepTokens(STEP_TOKENS)
          .withLogitsRows(8);

  /** A sample of nvidia-smi's power. */
  private record Power(double seconds, double watts) {}

  /** Samples the power of a GPU until it is closed. */
  private static final class PowerSamples implements AutoCloseable {
    private final List<Power> samples = new ArrayList<>();
    private final Process process;
    private final Thread reader;

    PowerSamples(Gpu gpu) throws IOException {
      process =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--id=" + gpu.pciBusId(),
                  "--query-gpu=timestamp,power.draw.instant",
                  "--format=csv,noheader,nounits",
                  "--loop-ms=" + SAMPLE_MILLIS)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      reader = new Thread(this::read);
      reader.start();
    }

    private void read() {
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] values = line.split(",");
          add(new Power(seconds(values[0].strip()), Double.parseDouble(values[1].strip())));
        }
      } catch (IOException e) {
        // The process was ended.
      }
    }

    private static double seconds(String timestamp) {
      return LocalDateTime.parse(timestamp, TIMESTAMP)
              .atZone(ZoneId.systemDefault())
              .toInstant()
              .toEpochMilli()
          / 1e3;
    }

    private synchronized void add(Power power) {
      samples.add(power);
    }

    /** Power integrated by trapezoids from one second to another, the ends as they are. */
    synchronized double joules(double start, double end) {
      List<Power> within =
          samples.stream().filter(power -> power.seconds >= start && power.seconds <= end).toList();
      assertThat(within).hasSizeGreaterThan(50);
      Power before = new Power(start, within.get(0).watts);
      double joules = 0;
      for (Power power : within) {
        joules += (before.watts + power.watts) / 2 * (power.seconds - before.seconds);
        before = power;
      }
      return joules + before.watts * (end - before.seconds);
    }

    @Override
    public void close() throws InterruptedException {
      process.destroy();
      reader.join();
    }
  }

  @Test
  void countsWhatNvidiaSmiShows() throws Exception {
    Gpu gpu = VisibleGpus.ofThisHost().gpus().get(0);
    EnergyMeter meter = new EnergyMeter(GpuEnergy.counters(new GpuGroup(List.of(gpu))));
    double integrated;
    try (ModelRunner runner =
            CudaModelRunner.withRandomWeights(ModelShape.LLAMA_1B.config(), OPTIONS);
        PowerSamples power = new PowerSamples(gpu)) {
      load(runner, 3); // Clocks and power settle, and nvidia-smi starts.
      meter.begin();
      double start = System.currentTimeMillis() / 1e3;
      load(runner, LOAD_SECONDS);
      meter.read();
      double end = System.currentTimeMillis() / 1e3;
      integrated = power.joules(start, end);
    }

    MeasuredEnergy measured = meter.measured();
    double counted = measured.joules(EnergyDevice.Kind.GPU);
    System.out.printf(
        "%s: counted %.0f J, nvidia-smi %.0f J, %.0f W; %s%n",
        gpu, counted, integrated, counted / measured.seconds(), measured.notMeasured());
    assertThat(measured.intervals().get(0).device().id()).isEqualTo(gpu.uuid());
    assertThat(counted / integrated).isCloseTo(1, within(TOLERANCE));
  }

  private static void load(ModelRunner runner, double seconds) {
    int[] tokens = new int[STEP_TOKENS];
    Arrays.setAll(tokens, position -> (position * 7919) % 100_000);
    int[] blocks = IntStream.range(0, STEP_TOKENS / BLOCK).toArray();
    StepBatch step =
        new StepBatch(
            List.of(new StepSequence(tokens, STEP_TOKENS, blocks, null)),
            List.of(),
            List.of(new LogitsRequest(STEP_TOKENS - 1, null)));
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      runner.run(step);
    }
  }
}
