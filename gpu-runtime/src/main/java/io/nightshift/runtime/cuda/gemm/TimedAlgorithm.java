package io.nightshift.runtime.cuda.gemm;

/**
 * An algorithm and the time that a product takes with it.
 *
 * @param seconds of one product
 */
record TimedAlgorithm(Algorithm algorithm, double seconds) {}
