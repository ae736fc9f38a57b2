package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_s4;
import static org.bytedeco.dnnl.global.dnnl.dnnl_s8;

/** Memory layout of a matrix of signed integers, {@code [inputs, outputs]}. */
public enum CodeLayout {
  /** A byte each; {@code inputs} rows of {@code outputs} elements. */
  INT8(dnnl_s8, 8, false),
  /**
   * Two in a byte, the first in the lower bits; {@code inputs} rows of {@code outputs} elements, an
   * even number.
   */
  INT4(dnnl_s4, 4, false),
  /** Two in a byte; {@code outputs} rows of {@code inputs} elements, an even number. */
  INT4_TRANSPOSED(dnnl_s4, 4, true);

  private final int code;
  private final int bits;
  private final boolean transposed;

  CodeLayout(int code, int bits, boolean transposed) {
    this.code = code;
    this.bits = bits;
    this.transposed = transposed;
  }

  /** The smallest layout for integers of so many bits. */
  public static CodeLayout of(int bits, int inputs, int outputs) {
    if (bits > 4) {
      return INT8;
    }
    if (outputs % 2 == 0) {
      return INT4;
    }
    return inputs % 2 == 0 ? INT4_TRANSPOSED : INT8;
  }

  int code() {
    return code;
  }

  public int bits() {
    return bits;
  }

  public boolean transposed() {
    return transposed;
  }

  /** Bytes of a matrix. */
  public long bytes(int inputs, int outputs) {
    return (long) inputs * outputs * bits / Byte.SIZE;
  }
}
