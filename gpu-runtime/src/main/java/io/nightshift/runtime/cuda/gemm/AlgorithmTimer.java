package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.runner.DeviceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.global.cublas;

/**
 * Times the algorithms of a product as they run in a step: in CUDA graphs, one right behind the
 * other so that the chip has the clocks that lasting work leaves it, with weights that come from
 * memory.
 */
final class AlgorithmTimer implements AlgorithmContest {
  private static final int FINALISTS = 4;
  private static final int ROUNDS = 5;

  /** Multiplications and additions of a graph that lasts long enough: half a millisecond or so. */
  private static final double GRAPH_OPERATIONS = 4e11;

  private static final int MOST_PRODUCTS = 16;

  private final CudaStream stream;
  private final MatMulPlan plan;
  private final List<MatMulOperands> rotation;

  /** A candidate, and its products as a graph. */
  private record Recorded(Algorithm algorithm, CudaGraph graph) {}

  /**
   * @param rotation operands of the products, in turn
   */
  AlgorithmTimer(CudaStream stream, MatMulPlan plan, List<MatMulOperands> rotation) {
    this.stream = stream;
    this.plan = plan;
    this.rotation = rotation;
  }

  MatMulPlan plan() {
    return plan;
  }

  @Override
  public MatMul shape() {
    return plan.shape();
  }

  @Override
  public boolean accepts(Algorithm algorithm) {
    return plan.accepts(algorithm);
  }

  /**
   * @throws DeviceException if none runs
   */
  @Override
  public List<Algorithm> ranked() {
    return rank(plan.candidates(), 0);
  }

  @Override
  public Algorithm fastest(List<Algorithm> candidates) {
    return rank(candidates, FINALISTS).get(0);
  }

  private List<Algorithm> rank(List<Algorithm> candidates, int finalists) {
    List<Recorded> recorded = new ArrayList<>();
    try {
      candidates.forEach(candidate -> record(candidate, recorded));
      if (recorded.isEmpty()) {
        throw new DeviceException(
            stream.device() + ": none of cuBLASLt's algorithms runs for " + plan);
      }
      List<Recorded> order = fastestFirst(recorded, 1);
      if (finalists > 0) {
        order = fastestFirst(order.subList(0, Math.min(finalists, order.size())), ROUNDS);
      }
      return order.stream().map(Recorded::algorithm).toList();
    } finally {
      recorded.forEach(each -> each.graph().close());
    }
  }

  /** Runs a candidate, which loads its code, and records it if that went well. */
  private void record(Algorithm candidate, List<Recorded> recorded) {
    try (cublasLtMatmulAlgo_t opaque = candidate.toOpaque()) {
      if (plan.tryRun(stream, rotation.get(0), opaque) == cublas.CUBLAS_STATUS_SUCCESS) {
        recorded.add(new Recorded(candidate, stream.capture(() -> multiply(opaque))));
      }
    }
  }

  private void multiply(cublasLtMatmulAlgo_t algorithm) {
    double wanted = GRAPH_OPERATIONS / plan.operations();
    int products = (int) Math.max(1, Math.min(MOST_PRODUCTS, wanted));
    for (int i = 0; i < products; i++) {
      plan.run(stream, rotation.get(i % rotation.size()), algorithm);
    }
  }

  /** Orders candidates by the medians of their times. */
  private List<Recorded> fastestFirst(List<Recorded> candidates, int rounds) {
    int count = candidates.size();
    CudaEvent[] marks = new CudaEvent[rounds * count + 1];
    Arrays.setAll(marks, i -> new CudaEvent(stream.device()));
    try {
      marks[0].record(stream);
      for (int i = 0; i < rounds * count; i++) {
        candidates.get(i % count).graph().launch(stream);
        marks[i + 1].record(stream);
      }
      stream.synchronize();
      double[] medians = new double[count];
      Arrays.setAll(medians, candidate -> median(marks, candidate, count, rounds));
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        order.add(i);
      }
      order.sort(Comparator.comparingDouble(i -> medians[i]));
      return order.stream().map(candidates::get).toList();
    } finally {
      for (CudaEvent mark : marks) {
        mark.close();
      }
    }
  }

  private static double median(CudaEvent[] marks, int candidate, int count, int rounds) {
    double[] seconds = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      int run = round * count + candidate;
      seconds[round] = marks[run + 1].secondsSince(marks[run]);
    }
    Arrays.sort(seconds);
    return seconds[rounds / 2];
  }
}
