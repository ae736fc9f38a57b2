package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.EnergyInterval;
import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.kvcache.HostCounts;
import io.nightshift.runtime.runner.DeviceTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BenchmarkReportTest {

  @Test
  void isOneLineOfJson() {
    EngineStatistics engine =
        new EngineStatistics(
            0, 0, 32, 0, 21, 6_000, 14_000, 128, 0, 0, 50, 2, 0, 30, 64, 0, HostCounts.NONE);
    Measurement measurement =
        new Measurement(
            32,
            3,
            20_000,
            128,
            2.25,
            9e12,
            1e12,
            Optional.of(new DeviceTime(2.94, 0.06, 0)),
            MeasuredEnergy.NONE,
            engine);
    BenchmarkReport report =
        new BenchmarkReport(
            Workload.LABEL,
            "1b",
            "random",
            "bf16",
            "cpu",
            1,
            WorkloadOrder.PLANNED,
            1024,
            5_000_000_000L,
            measurement,
            List.of(),
            Optional.empty());

    assertThat(report.toJson())
        .isEqualTo(
            "{\"workload\":\"label\",\"shape\":\"1b\",\"model\":\"random\",\"precision\":\"bf16\","
                + "\"device\":\"cpu\",\"order\":\"planned\",\"rows\":32,\"seconds\":3.0,"
                + "\"rows_per_second\":10.667,\"prompt_tokens_per_second\":6666.7,"
                + "\"output_tokens_per_second\":42.667,\"prompt_tokens\":20000,"
                + "\"output_tokens\":128,\"prefilled_tokens\":6050,\"prefix_hit_rate\":0.7,"
                + "\"preemptions\":2,\"steps\":21,\"kv_cache_tokens\":1024,"
                + "\"peak_memory_bytes\":5000000000,\"gemm_floor_seconds\":2.25,"
                + "\"gemm_floor_share\":0.75,\"attention_operations\":1.0E12,"
                + "\"attention_rate_share\":0.33333,\"device_idle_share\":0.02}");
  }

  @Test
  void saysWhatTheGpusTook() {
    EnergyDevice gpu = new EnergyDevice(EnergyDevice.Kind.GPU, "GPU-1");
    EnergyDevice packages = new EnergyDevice(EnergyDevice.Kind.CPU, "package-0");
    MeasuredEnergy energy =
        new MeasuredEnergy(
            List.of(
                new EnergyInterval(gpu, 1_000, 5_000, 2_560),
                new EnergyInterval(packages, 1_000, 5_000, 800)),
            List.of("energy of GPU 1 not measured: why"));
    assertThat(report(energy))
        .contains(
            "\"joules\":2560.0,\"joules_per_row\":40.0,\"joules_per_output_token\":10.0,"
                + "\"watts\":640.0,\"cpu_joules\":800.0,"
                + "\"energy_not_measured\":[\"energy of GPU 1 not measured: why\"]");
    assertThat(
            report(
                new MeasuredEnergy(
                    List.of(new EnergyInterval(packages, 1_000, 5_000, 64)), List.of())))
        .contains("\"joules\":64.0,\"joules_per_row\":1.0,")
        .doesNotContain("cpu_joules");
  }

  private static String report(MeasuredEnergy energy) {
    EngineStatistics engine =
        new EngineStatistics(
            0, 0, 64, 0, 42, 12_000, 28_000, 256, 0, 0, 0, 0, 0, 30, 64, 0, HostCounts.NONE);
    return new BenchmarkReport(
            Workload.LABEL,
            "1b",
            "random",
            "bf16",
            "NVIDIA H200",
            1,
            WorkloadOrder.PLANNED,
            1024,
            5,
            new Measurement(64, 4, 40_000, 256, 3, 1e12, 1e12, Optional.empty(), energy, engine),
            List.of(),
            Optional.empty())
        .toJson();
  }

  @Test
  void enginesThatRanAtOnceHaveTheirTimes() {
    EngineStatistics engine =
        new EngineStatistics(
            0, 0, 64, 0, 42, 12_000, 28_000, 256, 0, 0, 0, 0, 0, 30, 64, 0, HostCounts.NONE);
    BenchmarkReport report =
        new BenchmarkReport(
            Workload.LABEL,
            "1b",
            "random",
            "bf16",
            "NVIDIA H200",
            4,
            WorkloadOrder.PLANNED,
            1024,
            5,
            new Measurement(
                64, 4, 40_000, 256, 3, 1e12, 1e12, Optional.empty(), MeasuredEnergy.NONE, engine),
            List.of(3.9, 4.0),
            Optional.empty());

    assertThat(report.toJson())
        .contains("\"device\":\"NVIDIA H200\",\"tensor_parallel\":4,\"order\":")
        .contains("\"rows_per_second\":16.0,")
        .contains("\"gemm_floor_share\":0.75,\"attention_operations\":1.0E12,")
        .endsWith("\"attention_rate_share\":3.0,\"engines\":2,\"engine_seconds\":[3.9,4.0]}");
  }

  @Test
  void constrainedAnswersAreComparedWithFreeAndForcedOnes() {
    ConstrainedMeasurement runs =
        new ConstrainedMeasurement(
            constrained(4, 0, 0.5, Optional.of(new DeviceTime(3.5, 0.1, 0.25))),
            constrained(3.9, 0, 0, Optional.empty()),
            constrained(3.2, 77, 0.4, Optional.empty()));
    BenchmarkReport report =
        new BenchmarkReport(
            Workload.EXTRACT,
            "8b",
            "random",
            "bf16",
            "cpu",
            1,
            WorkloadOrder.GIVEN,
            1024,
            5,
            runs.constrained(),
            List.of(),
            Optional.of(runs));

    assertThat(report.toJson())
        .endsWith(
            "\"device_idle_share\":0.090909,\"mask_seconds\":0.5,\"mask_wait_seconds\":0.25,"
                + "\"free_rows_per_second\":8.2051,\"constrained_over_free\":0.975,"
                + "\"forced_rows_per_second\":10.0,\"forced_over_constrained\":1.25,"
                + "\"forced_output_tokens\":128,\"forced_tokens\":77,\"forced_steps\":21,"
                + "\"forced_mask_seconds\":0.4,\"forced_mask_wait_seconds\":0.4}");
  }

  private static Measurement constrained(
      double seconds, long forcedTokens, double maskSeconds, Optional<DeviceTime> deviceTime) {
    EngineStatistics engine =
        new EngineStatistics(
            0,
            0,
            32,
            0,
            21,
            6_000,
            14_000,
            128,
            forcedTokens,
            0,
            50,
            2,
            0,
            30,
            64,
            maskSeconds,
            HostCounts.NONE);
    return new Measurement(
        32, seconds, 20_000, 128, 2.25, 9e12, 1e12, deviceTime, MeasuredEnergy.NONE, engine);
  }

  @Test
  void theProcessHasAPeakOfMemory() {
    byte[] heap = new byte[32 << 20];
    heap[heap.length - 1] = 1;

    assertThat(ProcessMemory.peakBytes()).isGreaterThan(32L << 20).isLessThan(1L << 46);
  }
}
