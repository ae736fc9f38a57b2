package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.runner.DeviceException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.global.cublas;

/**
 * Times algorithms on the operands of a real product. The workspace is written over before each
 * run, so that weights come from memory as they do in a step, and not from the L2 cache.
 */
final class AlgorithmTimer implements AutoCloseable {
  private static final int FINALISTS = 4;
  private static final int RUNS = 5;

  private final CudaStream stream;
  private final DeviceMemory workspace;
  private final CudaEvent[] starts = new CudaEvent[RUNS];
  private final CudaEvent[] ends = new CudaEvent[RUNS];

  AlgorithmTimer(CudaDevice device, CudaStream stream, DeviceMemory workspace) {
    this.stream = stream;
    this.workspace = workspace;
    Arrays.setAll(starts, i -> new CudaEvent(device));
    Arrays.setAll(ends, i -> new CudaEvent(device));
  }

  /**
   * Runs every candidate once to load its code and once timed, and then the best few again and
   * again.
   */
  Algorithm fastest(MatMulPlan plan, List<Algorithm> candidates, MatMulOperands operands) {
    Map<Algorithm, Double> seconds = new HashMap<>();
    for (Algorithm candidate : candidates) {
      try (cublasLtMatmulAlgo_t opaque = candidate.toOpaque()) {
        if (plan.tryRun(stream, operands, opaque) == cublas.CUBLAS_STATUS_SUCCESS) {
          seconds.put(candidate, seconds(plan, opaque, operands, 1));
        }
      }
    }
    Comparator<Algorithm> faster = Comparator.comparingDouble(seconds::get);
    List<Algorithm> finalists = seconds.keySet().stream().sorted(faster).limit(FINALISTS).toList();
    for (Algorithm finalist : finalists) {
      try (cublasLtMatmulAlgo_t opaque = finalist.toOpaque()) {
        seconds.put(finalist, seconds(plan, opaque, operands, RUNS));
      }
    }
    return finalists.stream()
        .min(faster)
        .orElseThrow(
            () ->
                new DeviceException(
                    stream.device() + ": none of cuBLASLt's algorithms runs for " + plan));
  }

  /** The median of some runs. */
  private double seconds(
      MatMulPlan plan, cublasLtMatmulAlgo_t algorithm, MatMulOperands operands, int runs) {
    for (int run = 0; run < runs; run++) {
      stream.fill(workspace.address(), run, workspace.bytes());
      starts[run].record(stream);
      plan.run(stream, operands, algorithm);
      ends[run].record(stream);
    }
    stream.synchronize();
    double[] seconds = new double[runs];
    Arrays.setAll(seconds, run -> ends[run].secondsSince(starts[run]));
    Arrays.sort(seconds);
    return seconds[runs / 2];
  }

  @Override
  public void close() {
    for (int i = 0; i < RUNS; i++) {
      starts[i].close();
      ends[i].close();
    }
  }
}
