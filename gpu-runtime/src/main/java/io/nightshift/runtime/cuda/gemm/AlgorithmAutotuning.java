package io.nightshift.runtime.cuda.gemm;

import java.util.List;

/** The algorithms of one GEMM, and how to time them. */
interface AlgorithmAutotuning {

  Gemm shape();

  /** The algorithms that cuBLASLt's heuristic names for the shape, timed once, fastest first. */
  List<Algorithm> ranked();

  /** Whether an algorithm that it names for another shape can also compute this one. */
  boolean accepts(Algorithm algorithm);

  /** The fastest candidate: times each once, and the fastest few repeatedly. */
  TimedAlgorithm fastest(List<Algorithm> candidates);
}
