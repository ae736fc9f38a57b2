package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.weights.MappedFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a GGUF header sequentially. All lengths are checked against the remaining bytes before
 * anything is allocated.
 */
final class GgufCursor {
  private final MappedFile file;
  private long position;
  private String place = "header";

  GgufCursor(MappedFile file, long position) {
    this.file = file;
    this.position = position;
  }

  long position() {
    return position;
  }

  /** Sets the location in the file, for error messages. */
  GgufCursor in(String place) {
    this.place = place;
    return this;
  }

  int readByte() {
    return file.getByte(advance(Byte.BYTES));
  }

  int readShort() {
    return file.getShort(advance(Short.BYTES));
  }

  int readInt() {
    return file.getInt(advance(Integer.BYTES));
  }

  long readLong() {
    return file.getLong(advance(Long.BYTES));
  }

  String readString() {
    long length = readLong();
    long start = advance(length);
    if (length > MappedFile.MAX_RANGE) {
      throw problem("a string of " + length + " bytes, expected at most " + MappedFile.MAX_RANGE);
    }
    ByteBuffer bytes = file.slice(start, (int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw problem("a string of " + length + " bytes at byte " + start + " is not UTF-8");
    }
  }

  void skipString() {
    advance(readLong());
  }

  /** Skips {@code bytes} bytes and returns the offset of the first. */
  long advance(long bytes) {
    long left = file.size() - position;
    if (bytes < 0 || bytes > left) {
      throw problem(
          "%s bytes needed at byte %s, but %s are left; is the file truncated?"
              .formatted(Long.toUnsignedString(bytes), position, left));
    }
    long start = position;
    position += bytes;
    return start;
  }

  ModelFormatException problem(String problem) {
    return new ModelFormatException(file.path(), place, problem);
  }
}
