package io.nightshift.runtime.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.runtime.energy.EnergyDevice;
import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.kvcache.HostCounts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;

/**
 * A measurement and what was measured, as one line of JSON.
 *
 * @param shape of the model: {@code 8b}, or layers and hidden size of a checkpoint, {@code 30x576}
 * @param model the checkpoint, or {@code random}
 * @param precision of the weights
 * @param device that ran the model
 * @param tensorParallel devices of an engine
 * @param order of the rows
 * @param keyValueCacheTokens tokens that the KV cache holds
 * @param peakMemoryBytes of the device; on a CPU of the whole process
 * @param engineSeconds time of each engine, if there are several; then memory is of the one that
 *     took most, and the floor the mean of all
 * @param constrained what {@code measurement} is compared with, if it is of constrained answers
 */
public record BenchmarkReport(
    Workload workload,
    String shape,
    String model,
    String precision,
    String device,
    int tensorParallel,
    WorkloadOrder order,
    long keyValueCacheTokens,
    long peakMemoryBytes,
    Measurement measurement,
    List<Double> engineSeconds,
    Optional<ConstrainedMeasurement> constrained) {
  private static final MathContext DIGITS = new MathContext(5);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public BenchmarkReport {
    engineSeconds = List.copyOf(engineSeconds);
  }

  /** The line, without a line break. */
  public String toJson() {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("workload", workload.toString());
    line.put("shape", shape);
    line.put("model", model);
    line.put("precision", precision);
    line.put("device", device);
    if (tensorParallel > 1) {
      line.put("tensor_parallel", tensorParallel);
    }
    line.put("order", order.toString());
    line.put("rows", measurement.rows());
    line.put("seconds", rounded(measurement.seconds()));
    line.put("rows_per_second", rounded(measurement.rowsPerSecond()));
    line.put("prompt_tokens_per_second", rounded(measurement.promptTokensPerSecond()));
    line.put("output_tokens_per_second", rounded(measurement.outputTokensPerSecond()));
    line.put("prompt_tokens", measurement.promptTokens());
    line.put("output_tokens", measurement.outputTokens());
    line.put("prefilled_tokens", measurement.prefilledTokens());
    line.put("prefix_hit_rate", rounded(measurement.prefixHitRate()));
    line.put("preemptions", measurement.engine().preemptions());
    line.put("steps", measurement.engine().steps());
    line.put("kv_cache_tokens", keyValueCacheTokens);
    HostCounts host = measurement.engine().host();
    if (host.blocks() > 0) {
      line.put("host_kv_cache_blocks", host.blocks());
      line.put("tokens_from_host", host.loadedTokens());
      line.put("bytes_to_host", host.bytesToHost());
      line.put("bytes_from_host", host.bytesToDevice());
    }
    line.put("peak_memory_bytes", peakMemoryBytes);
    line.put("gemm_floor_seconds", rounded(measurement.gemmFloorSeconds()));
    line.put("gemm_floor_share", rounded(measurement.gemmFloorShare()));
    line.put("attention_operations", rounded(measurement.attentionOperations()));
    measurement
        .attentionRateShare()
        .ifPresent(share -> line.put("attention_rate_share", rounded(share)));
    measurement
        .deviceTime()
        .ifPresent(time -> line.put("device_idle_share", rounded(time.idleShare())));
    addEnergy(line);
    if (!engineSeconds.isEmpty()) {
      line.put("engines", engineSeconds.size());
      ArrayNode seconds = line.putArray("engine_seconds");
      engineSeconds.forEach(each -> seconds.add(rounded(each)));
    }
    constrained.ifPresent(runs -> addConstrained(line, runs));
    try {
      return MAPPER.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and strings is always JSON", e);
    }
  }

  /** Of the GPUs, and otherwise of the CPUs, whole devices with whatever else they did. */
  private void addEnergy(ObjectNode line) {
    MeasuredEnergy energy = measurement.energy();
    boolean onGpus = energy.uses(EnergyDevice.Kind.GPU);
    double joules = energy.joules(onGpus ? EnergyDevice.Kind.GPU : EnergyDevice.Kind.CPU);
    if (!Double.isNaN(joules)) {
      line.put("joules", rounded(joules));
      line.put("joules_per_row", rounded(joules / measurement.rows()));
      if (measurement.outputTokens() > 0) {
        line.put("joules_per_output_token", rounded(joules / measurement.outputTokens()));
      }
      line.put("watts", rounded(joules / energy.seconds()));
    }
    double cpuJoules = energy.joules(EnergyDevice.Kind.CPU);
    if (onGpus && !Double.isNaN(cpuJoules)) {
      line.put("cpu_joules", rounded(cpuJoules));
    }
    if (!energy.notMeasured().isEmpty()) {
      ArrayNode causes = line.putArray("energy_not_measured");
      energy.notMeasured().forEach(causes::add);
    }
  }

  private static void addConstrained(ObjectNode line, ConstrainedMeasurement runs) {
    line.put("mask_seconds", rounded(runs.constrained().engine().maskSeconds()));
    line.put("mask_wait_seconds", rounded(runs.constrained().maskWaitSeconds()));
    line.put("free_rows_per_second", rounded(runs.free().rowsPerSecond()));
    line.put("constrained_over_free", rounded(runs.constrainedOverFree()));
    line.put("forced_rows_per_second", rounded(runs.forced().rowsPerSecond()));
    line.put("forced_over_constrained", rounded(runs.forcedOverConstrained()));
    line.put("forced_output_tokens", runs.forced().outputTokens());
    line.put("forced_tokens", runs.forced().engine().forcedTokens());
    line.put("forced_steps", runs.forced().engine().steps());
    line.put("forced_mask_seconds", rounded(runs.forced().engine().maskSeconds()));
    line.put("forced_mask_wait_seconds", rounded(runs.forced().maskWaitSeconds()));
  }

  private static double rounded(double value) {
    return BigDecimal.valueOf(value).round(DIGITS).doubleValue();
  }
}
