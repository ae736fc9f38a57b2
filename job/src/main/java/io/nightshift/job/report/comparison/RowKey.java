package io.nightshift.job.report.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * What a row of one output is found by in the other one.
 *
 * @param text source file, or value of the key column
 * @param number source row; 0 for a key column
 */
record RowKey(String text, long number) implements Comparable<RowKey> {
  private static final Comparator<RowKey> ORDER =
      Comparator.comparing(RowKey::text).thenComparingLong(RowKey::number);

  /** Identifies the key: the beginning of a SHA-256. */
  long hash() {
    byte[] bytes = text.getBytes(UTF_8);
    return Fingerprint.of(
        ByteBuffer.allocate(bytes.length + Long.BYTES).put(bytes).putLong(number).array());
  }

  @Override
  public int compareTo(RowKey other) {
    return ORDER.compare(this, other);
  }
}
