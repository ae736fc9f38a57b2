package io.nightshift.runtime.cuda.gemm;

/**
 * An algorithm and the time that a GEMM takes with it.
 *
 * @param seconds seconds of one GEMM
 */
record TimedAlgorithm(Algorithm algorithm, double seconds) {}
