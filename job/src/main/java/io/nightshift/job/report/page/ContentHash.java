package io.nightshift.job.report.page;

import io.nightshift.job.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Hashes by which a content security policy allows an element (W3C, Content Security Policy 3). */
final class ContentHash {
  private ContentHash() {}

  /** The source expression for an element with this content. */
  static String of(String content) {
    byte[] hash = Sha256.digest().digest(content.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
  }
}
