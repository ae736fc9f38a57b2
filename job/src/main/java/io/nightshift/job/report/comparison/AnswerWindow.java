package io.nightshift.job.report.comparison;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The first output's answers to some keys: 16 bytes for each, the hash of the key and the
 * fingerprint of the answer. Threads share a window.
 */
final class AnswerWindow {
  private final long[] hashes;
  private final AtomicLongArray fingerprints;

  /**
   * @param hashes of the keys, sorted; they belong to this window
   */
  AnswerWindow(long[] hashes) {
    this.hashes = hashes;
    this.fingerprints = new AtomicLongArray(hashes.length);
  }

  /** Whether a key is one of this window. */
  boolean has(long hash) {
    return index(hash) >= 0;
  }

  /**
   * Sets the answer to a key of this window.
   *
   * @return whether it had none yet
   */
  boolean set(long hash, long fingerprint) {
    return fingerprints.getAndSet(index(hash), fingerprint) == 0;
  }

  /** Takes the answer to a key of this window; 0 if it was taken already. */
  long take(long hash) {
    return fingerprints.getAndSet(index(hash), 0);
  }

  private int index(long hash) {
    return Arrays.binarySearch(hashes, hash);
  }
}
