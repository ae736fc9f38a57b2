package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

/** Element type of both inputs of a GEMM. Accumulators and results are always f32. */
public enum MatMulType {
  F32(dnnl_f32, 4),
  BF16(dnnl_bf16, 2);

  private final int code;
  private final int bytes;

  MatMulType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  public int bytes() {
    return bytes;
  }
}
