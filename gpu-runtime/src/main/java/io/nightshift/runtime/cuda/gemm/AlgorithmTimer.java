package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.runner.DeviceException;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.global.cublas;

/**
 * Times algorithms on the operands of a real product. The workspace is written over before each
 * run, so that weights come from memory as they do in a step, and not from the L2 cache.
 */
final class AlgorithmTimer implements AutoCloseable {
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

  Algorithm fastest(MatMulPlan plan, List<Algorithm> candidates, MatMulOperands operands) {
    Algorithm best = candidates.get(0);
    double bestSeconds = Double.POSITIVE_INFINITY;
    for (Algorithm candidate : candidates) {
      try (cublasLtMatmulAlgo_t opaque = candidate.toOpaque()) {
        double seconds = seconds(plan, opaque, operands);
        if (seconds < bestSeconds) {
          best = candidate;
          bestSeconds = seconds;
        }
      }
    }
    if (bestSeconds == Double.POSITIVE_INFINITY) {
      throw new DeviceException(
          stream.device() + ": none of cuBLASLt's algorithms runs for " + plan);
    }
    return best;
  }

  /** The median of some runs after one that is not counted; infinity if it does not run. */
  private double seconds(
      MatMulPlan plan, cublasLtMatmulAlgo_t algorithm, MatMulOperands operands) {
    if (plan.tryRun(stream, operands, algorithm) != cublas.CUBLAS_STATUS_SUCCESS) {
      return Double.POSITIVE_INFINITY;
    }
    for (int run = 0; run < RUNS; run++) {
      stream.fill(workspace.address(), run, workspace.bytes());
      starts[run].record(stream);
      plan.run(stream, operands, algorithm);
      ends[run].record(stream);
    }
    stream.synchronize();
    double[] seconds = new double[RUNS];
    Arrays.setAll(seconds, run -> ends[run].secondsSince(starts[run]));
    Arrays.sort(seconds);
    return seconds[RUNS / 2];
  }

  @Override
  public void close() {
    for (int i = 0; i < RUNS; i++) {
      starts[i].close();
      ends[i].close();
    }
  }
}
