package io.nightshift.runtime.sampling;

/**
 * Counter-based random numbers: a function of a seed and a counter, so that the draw for an output
 * position depends neither on earlier draws nor on the batch. The function is the finalizer of
 * SplitMix64 (Steele, Lea and Flood, 2014) with the constants of Stafford's variant 13, applied
 * once to the seed and once more with the counter.
 */
public final class CounterRandom {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** A number from 0 (inclusive) to 1 (exclusive). */
  public static double uniform(long seed, long counter) {
    long bits = mix(mix(seed + GOLDEN_GAMMA) + (counter + 1) * GOLDEN_GAMMA);
    return (bits >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
