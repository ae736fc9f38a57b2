package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the fastest algorithms of products that differ in their rows only. cuBLASLt names a few for
 * each shape, and often misses what it names for a shape beside it: so all are timed for the shape
 * that they are named for, and the best once more against the best of the shapes around.
 */
final class AlgorithmSearch {
  /** How many of its own algorithms a shape takes into the second round. */
  private static final int OWN = 3;

  private final CudaStream stream;
  private final List<MatMulPlan> plans;
  private final List<MatMulOperands> rotation;

  /**
   * @param rotation operands of the products, in turn
   */
  AlgorithmSearch(CudaStream stream, List<MatMulPlan> plans, List<MatMulOperands> rotation) {
    this.stream = stream;
    this.plans = plans;
    this.rotation = rotation;
  }

  /** The algorithms that are named for a shape, the fastest first. */
  private record Ranked(MatMulPlan plan, List<Algorithm> algorithms) {}

  /** The fastest algorithm for each plan. */
  Map<MatMulPlan, Algorithm> run() {
    List<Ranked> ranked =
        plans.stream().map(plan -> new Ranked(plan, timer(plan).rank(plan.candidates()))).toList();
    Map<MatMulPlan, Algorithm> fastest = new LinkedHashMap<>();
    ranked.forEach(
        each -> fastest.put(each.plan(), timer(each.plan()).fastest(secondRound(each, ranked))));
    return fastest;
  }

  private AlgorithmTimer timer(MatMulPlan plan) {
    return new AlgorithmTimer(stream, plan, rotation);
  }

  private static List<Algorithm> secondRound(Ranked own, List<Ranked> all) {
    Set<Algorithm> candidates = new LinkedHashSet<>();
    own.algorithms().stream().limit(OWN).forEach(candidates::add);
    all.stream()
        .filter(other -> areClose(own.plan().shape().rows(), other.plan().shape().rows()))
        .map(other -> other.algorithms().get(0))
        .filter(own.plan()::accepts)
        .forEach(candidates::add);
    return new ArrayList<>(candidates);
  }

  private static boolean areClose(int rows, int others) {
    return rows <= 2 * others && others <= 2 * rows;
  }
}
