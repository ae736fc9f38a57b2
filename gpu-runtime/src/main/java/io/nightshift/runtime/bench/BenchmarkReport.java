package io.nightshift.runtime.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A measurement and what was measured, as one line of JSON.
 *
 * @param shape of the model: {@code 8b}, or layers and hidden size of a checkpoint, {@code 30x576}
 * @param model the checkpoint, or {@code random}
 * @param precision of the weights
 * @param device that ran the model
 * @param order of the rows
 * @param keyValueCacheTokens tokens that the KV cache holds
 * @param peakMemoryBytes of the device; on a CPU of the whole process
 */
public record BenchmarkReport(
    Workload workload,
    String shape,
    String model,
    String precision,
    String device,
    WorkloadOrder order,
    long keyValueCacheTokens,
    long peakMemoryBytes,
    Measurement measurement) {
  private static final MathContext DIGITS = new MathContext(5);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The line, without a line break. */
  public String toJson() {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("workload", workload.toString());
    line.put("shape", shape);
    line.put("model", model);
    line.put("precision", precision);
    line.put("device", device);
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
    line.put("peak_memory_bytes", peakMemoryBytes);
    line.put("gemm_floor_seconds", rounded(measurement.gemmFloorSeconds()));
    line.put("gemm_floor_share", rounded(measurement.gemmFloorShare()));
    measurement
        .deviceTime()
        .ifPresent(time -> line.put("device_idle_share", rounded(time.idleShare())));
    try {
      return MAPPER.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and strings is always JSON", e);
    }
  }

  private static double rounded(double value) {
    return BigDecimal.valueOf(value).round(DIGITS).doubleValue();
  }
}
