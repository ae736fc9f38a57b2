package io.nightshift.runtime.model.random;

/**
 * The SplitMix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", 2014) as a hash function.
 */
public final class SplitMix64 {
  private SplitMix64() {}

  /** The output of the generator whose state is {@code x}. */
  public static long hash(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
