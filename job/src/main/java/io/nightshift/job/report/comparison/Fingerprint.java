package io.nightshift.job.report.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.job.storage.Sha256;
import java.nio.ByteBuffer;

/** The first 8 bytes of a SHA-256 in place of what may be long. */
final class Fingerprint {
  private Fingerprint() {}

  static long of(byte[] bytes) {
    return ByteBuffer.wrap(Sha256.digest().digest(bytes)).getLong();
  }

  /** The fingerprint of an answer, which is never 0. */
  static long ofAnswer(String answer) {
    long fingerprint = of(answer.getBytes(UTF_8));
    return fingerprint == 0 ? 1 : fingerprint;
  }
}
