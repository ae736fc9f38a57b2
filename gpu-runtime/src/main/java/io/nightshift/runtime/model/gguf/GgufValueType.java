package io.nightshift.runtime.model.gguf;

import java.util.Optional;

/** Types of metadata values. The ordinal is the type's number in the file. */
enum GgufValueType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(0),
  ARRAY(0),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private final int bytes;

  GgufValueType(int bytes) {
    this.bytes = bytes;
  }

  static Optional<GgufValueType> of(int number) {
    GgufValueType[] types = values();
    return number >= 0 && number < types.length ? Optional.of(types[number]) : Optional.empty();
  }

  /** Size of a value in bytes; 0 if it varies. */
  int bytes() {
    return bytes;
  }

  boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      default -> false;
    };
  }

  /** Reads a value of this integer type. Unsigned 64-bit numbers from 2^63 become negative. */
  long readInteger(GgufCursor cursor) {
    return switch (this) {
      case UINT8 -> cursor.readByte() & 0xFF;
      case INT8 -> cursor.readByte();
      case UINT16 -> cursor.readShort() & 0xFFFF;
      case INT16 -> cursor.readShort();
      case UINT32 -> cursor.readInt() & 0xFFFF_FFFFL;
      case INT32 -> cursor.readInt();
      case UINT64, INT64 -> cursor.readLong();
      default -> throw new IllegalArgumentException(this + " is no integer type");
    };
  }
}
