package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.runner.DeviceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.global.cublas;

/** Times the algorithms of a GEMM, with {@link GemmTimer}. */
final class AlgorithmTimer implements AlgorithmAutotuning {
  private static final int FINALISTS = 4;
  private static final int ROUNDS = 5;

  private final CudaStream stream;
  private final GemmPlan plan;
  private final List<GemmOperands> rotation;

  /** A candidate, and a graph of GEMMs with it. */
  private record Recorded(Algorithm algorithm, CudaGraph graph) {}

  /** A candidate and the median of its times, in seconds for one GEMM. */
  private record Timed(Recorded recorded, double seconds) {
    TimedAlgorithm algorithm() {
      return new TimedAlgorithm(recorded.algorithm(), seconds);
    }
  }

  /**
   * @param rotation operands of the GEMMs, in turn
   */
  AlgorithmTimer(CudaStream stream, GemmPlan plan, List<GemmOperands> rotation) {
    this.stream = stream;
    this.plan = plan;
    this.rotation = rotation;
  }

  GemmPlan plan() {
    return plan;
  }

  @Override
  public Gemm shape() {
    return plan.shape();
  }

  @Override
  public boolean accepts(Algorithm algorithm) {
    return plan.accepts(algorithm);
  }

  /**
   * @throws DeviceException if no algorithm runs
   */
  @Override
  public List<Algorithm> ranked() {
    return rank(plan.candidates(), 0).stream().map(TimedAlgorithm::algorithm).toList();
  }

  @Override
  public TimedAlgorithm fastest(List<Algorithm> candidates) {
    return rank(candidates, FINALISTS).get(0);
  }

  private List<TimedAlgorithm> rank(List<Algorithm> candidates, int finalists) {
    List<Recorded> recorded = new ArrayList<>();
    try {
      candidates.forEach(candidate -> record(candidate, recorded));
      if (recorded.isEmpty()) {
        throw new DeviceException(
            stream.device() + ": none of cuBLASLt's algorithms runs for " + plan);
      }
      List<Timed> order = fastestFirst(recorded, 1);
      if (finalists > 0) {
        List<Recorded> best = order.stream().limit(finalists).map(Timed::recorded).toList();
        order = fastestFirst(best, ROUNDS);
      }
      return order.stream().map(Timed::algorithm).toList();
    } finally {
      recorded.forEach(each -> each.graph().close());
    }
  }

  /** Runs a candidate, which loads its code, and records it if it runs. */
  private void record(Algorithm candidate, List<Recorded> recorded) {
    try (cublasLtMatmulAlgo_t opaque = candidate.toOpaque()) {
      if (plan.tryRun(stream, rotation.get(0), opaque) == cublas.CUBLAS_STATUS_SUCCESS) {
        IntConsumer gemm = i -> plan.run(stream, rotation.get(i % rotation.size()), opaque);
        recorded.add(new Recorded(candidate, GemmTimer.record(stream, plan.flops(), gemm)));
      }
    }
  }

  /** Orders candidates by the medians of their times. */
  private List<Timed> fastestFirst(List<Recorded> candidates, int rounds) {
    double[] medians =
        GemmTimer.medianSeconds(stream, candidates.stream().map(Recorded::graph).toList(), rounds);
    int gemms = GemmTimer.countFor(plan.flops());
    return IntStream.range(0, medians.length)
        .mapToObj(i -> new Timed(candidates.get(i), medians[i] / gemms))
        .sorted(Comparator.comparingDouble(Timed::seconds))
        .toList();
  }
}
