package io.nightshift.runtime.cuda.device;

/** Element types of device memory. */
public enum DeviceElementType {
  /** bfloat16. */
  BF16(Short.BYTES),
  /** IEEE 754 half precision. */
  F16(Short.BYTES),
  /** 32-bit floating point. */
  F32(Float.BYTES),
  /** 8-bit floating point with 4 bits of exponent and 3 of mantissa (FN: no infinity). */
  E4M3(1),
  /** A power of two in 8 bits: its exponent plus 127 (OCP Microscaling Formats, 2023). */
  E8M0(1),
  /** 32-bit integer. */
  INT32(Integer.BYTES),
  /** A byte, of structures whose layout a kernel defines. */
  UINT8(1);

  private final int bytes;

  DeviceElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element. */
  public int bytes() {
    return bytes;
  }
}
