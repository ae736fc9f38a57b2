package io.nightshift.connectors.arrow.row;

/** The bytes of one row and a position in them: the input of {@link ArrowRowCodec}. */
final class RowInput {
  private byte[] bytes = new byte[0];
  private int position;

  void reset(byte[] row) {
    bytes = row;
    position = 0;
  }

  int remaining() {
    return bytes.length - position;
  }

  byte[] bytes() {
    return bytes;
  }

  byte readByte() {
    return bytes[skip(1)];
  }

  int readLength() {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = readByte();
      length |= (next & 0x7f) << shift;
      if (next >= 0) {
        return length;
      }
    }
  }

  /** Moves past {@code length} bytes and returns where they begin. */
  int skip(int length) {
    if (length < 0 || length > remaining()) {
      throw new IllegalArgumentException(
          "Not a row of this schema: %s bytes expected at byte %s, but the row has %s"
              .formatted(length, position, bytes.length));
    }
    int begin = position;
    position += length;
    return begin;
  }

  boolean bitAt(int bitmap, int index) {
    return (bytes[bitmap + index / Byte.SIZE] >> (index % Byte.SIZE) & 1) != 0;
  }
}
