package io.nightshift.job.report.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 8 bytes of a SHA-256 in place of what may be long. */
final class Fingerprint {
  private Fingerprint() {}

  static long of(byte[] bytes) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The fingerprint of an answer, which is never 0. */
  static long ofAnswer(String answer) {
    long fingerprint = of(answer.getBytes(UTF_8));
    return fingerprint == 0 ? 1 : fingerprint;
  }
}
