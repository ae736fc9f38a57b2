package io.nightshift.job.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of a model on the hub.
 *
 * @param size bytes
 * @param gitBlob SHA-1 by which Git knows the file; of a large file, that of a pointer to it
 * @param sha256 of a large file; empty for a small one
 */
record HubFile(String name, long size, String gitBlob, String sha256) {

  /**
   * @param source for the message
   * @throws IOException if the file is not the one that the hub has
   */
  void verify(Path file, String source) throws IOException {
    long actualSize = Files.size(file);
    if (actualSize != size) {
      throw new IOException(
          source + ": " + actualSize + " bytes came, but the hub has " + size + "; try again");
    }
    String expected = sha256.isEmpty() ? gitBlob : sha256;
    String actual = sha256.isEmpty() ? gitBlob(file) : digest("SHA-256", new byte[0], file);
    if (!actual.equals(expected)) {
      throw new IOException(
          source + ": the checksum is " + actual + ", but the hub has " + expected + "; try again");
    }
  }

  /** Git hashes a blob behind a header that has its size. */
  private static String gitBlob(Path file) throws IOException {
    String header = "blob " + Files.size(file) + "\0";
    return digest("SHA-1", header.getBytes(StandardCharsets.US_ASCII), file);
  }

  private static String digest(String algorithm, byte[] header, Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(header);
      try (InputStream content = Files.newInputStream(file)) {
        content.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
