package io.nightshift.runtime.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Arrays of token ids. */
final class Tokens {
  private Tokens() {}

  static int[] concat(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
  }
}
