package io.nightshift.runtime.cuda.gemm;

import java.util.List;

/** The algorithms of one product, and a clock for them. */
interface AlgorithmContest {

  Gemm shape();

  /** The algorithms that cuBLASLt names for the shape, each timed once, the fastest first. */
  List<Algorithm> ranked();

  /** Whether an algorithm that it names for another shape can do this one too. */
  boolean accepts(Algorithm algorithm);

  /** The fastest: times each candidate once, and the best few again and again. */
  TimedAlgorithm fastest(List<Algorithm> candidates);
}
