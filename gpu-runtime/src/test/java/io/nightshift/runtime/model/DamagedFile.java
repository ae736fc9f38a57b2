package io.nightshift.runtime.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A copy of a real file, to be damaged in one place. */
public final class DamagedFile {
  private byte[] bytes;

  private DamagedFile(byte[] bytes) {
    this.bytes = bytes;
  }

  public static DamagedFile copyOf(Path original) {
    try {
      return new DamagedFile(Files.readAllBytes(original));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Offset of the first occurrence of a text. */
  public int find(String text) {
    byte[] pattern = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i + pattern.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
        return i;
      }
    }
    throw new AssertionError("\"" + text + "\" does not occur in the file");
  }

  /** Offset of what follows the first occurrence of a text. */
  public int after(String text) {
    return find(text) + text.getBytes(StandardCharsets.UTF_8).length;
  }

  public DamagedFile putInt(int offset, int value) {
    littleEndian().putInt(offset, value);
    return this;
  }

  public DamagedFile putLong(int offset, long value) {
    littleEndian().putLong(offset, value);
    return this;
  }

  /** Replaces the first occurrence of a text by one of the same length. */
  public DamagedFile replace(String text, String replacement) {
    if (text.length() != replacement.length()) {
      throw new AssertionError("\"" + text + "\" and \"" + replacement + "\" differ in length");
    }
    littleEndian().put(find(text), replacement.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Cuts the file off, or fills it up with zeros. */
  public DamagedFile resize(int length) {
    bytes = Arrays.copyOf(bytes, length);
    return this;
  }

  /**
   * Adds a pair with a 32-bit unsigned value to the metadata of a GGUF file, and a meaningless one
   * that fills up to the 32 bytes which tensors are aligned to.
   */
  public DamagedFile addGgufPair(String key, int value) {
    int overhead = Long.BYTES + 2 * Integer.BYTES;
    int filler = 64 - (key.length() + 2 * overhead) % 32;
    int added = key.length() + filler + 2 * overhead;
    int pairsStart = 24;
    ByteBuffer longer =
        ByteBuffer.allocate(bytes.length + added)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(bytes, 0, pairsStart);
    putGgufPair(longer, key, value);
    putGgufPair(longer, "x".repeat(filler), 0);
    longer.put(bytes, pairsStart, bytes.length - pairsStart);
    bytes = longer.array();
    int pairCount = 16;
    return putLong(pairCount, littleEndian().getLong(pairCount) + 2);
  }

  private static void putGgufPair(ByteBuffer target, String key, int value) {
    int typeUint32 = 4;
    target
        .putLong(key.length())
        .put(key.getBytes(StandardCharsets.US_ASCII))
        .putInt(typeUint32)
        .putInt(value);
  }

  public Path write(Path target) {
    try {
      return Files.write(target, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteBuffer littleEndian() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
