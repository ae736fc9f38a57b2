package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

/** Element type of both inputs of a GEMM. Accumulators and results are always f32. */
public enum MatMulType {
  F32(dnnl_f32, 4, 1),
  /**
   * Rows are padded to tiles of 32 elements, which is what AMX reads at a time. Of dense rows it
   * would read the first elements of the next row too and multiply them by zeros, so that a row
   * that is not finite would make the one before it NaN.
   */
  BF16(dnnl_bf16, 2, 32);

  private final int code;
  private final int bytes;
  private final int tile;

  MatMulType(int code, int bytes, int tile) {
    this.code = code;
    this.bytes = bytes;
    this.tile = tile;
  }

  int code() {
    return code;
  }

  public int bytes() {
    return bytes;
  }

  /**
   * Elements from one source row of a GEMM to the next.
   *
   * @param inputs elements of a row; zeros follow them
   */
  public int stride(int inputs) {
    return (inputs + tile - 1) / tile * tile;
  }
}
