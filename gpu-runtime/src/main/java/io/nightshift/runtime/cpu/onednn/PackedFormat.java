package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_ab;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_clone;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_tag;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** oneDNN's opaque memory layout for the weights of a GEMM; valid for any number of rows. */
public final class PackedFormat implements AutoCloseable {
  /** Rows of the GEMM that the layout is chosen for: a typical tile of the runner. */
  private static final int TYPICAL_ROWS = 64;

  /**
   * A weight matrix.
   *
   * @param inputs elements of an input row
   * @param outputs elements of an output row
   */
  record Shape(int inputs, int outputs, MatMulType type) {}

  private final dnnl_memory_desc descriptor = new dnnl_memory_desc();
  private final long bytes;

  PackedFormat(OneDnn library, Shape shape) {
    dnnl_memory_desc source = dense(TYPICAL_ROWS, shape.inputs(), shape.type().code(), dnnl_ab);
    dnnl_memory_desc weights =
        dense(shape.inputs(), shape.outputs(), shape.type().code(), dnnl_format_tag_any);
    dnnl_memory_desc target = dense(TYPICAL_ROWS, shape.outputs(), dnnl_f32, dnnl_ab);
    dnnl_primitive_desc matMul = new dnnl_primitive_desc();
    try {
      OneDnn.check(
          dnnl_matmul_primitive_desc_create(
              matMul,
              library.engine(),
              source,
              weights,
              new dnnl_memory_desc(),
              target,
              new dnnl_primitive_attr()),
          "choose a weight layout for " + shape);
      dnnl_memory_desc chosen = dnnl_primitive_desc_query_md(matMul, dnnl_query_weights_md, 0);
      OneDnn.check(dnnl_memory_desc_clone(descriptor, chosen), "copy a weight layout");
    } finally {
      dnnl_primitive_desc_destroy(matMul);
      dnnl_memory_desc_destroy(source);
      dnnl_memory_desc_destroy(weights);
      dnnl_memory_desc_destroy(target);
    }
    bytes = dnnl_memory_desc_get_size(descriptor);
  }

  /** Bytes of a packed matrix, padding included. */
  public long bytes() {
    return bytes;
  }

  dnnl_memory_desc descriptor() {
    return descriptor;
  }

  private static dnnl_memory_desc dense(int rows, int columns, int type, int tag) {
    dnnl_memory_desc result = new dnnl_memory_desc();
    OneDnn.check(
        dnnl_memory_desc_create_with_tag(result, 2, new long[] {rows, columns}, type, tag),
        "describe a matrix");
    return result;
  }

  @Override
  public void close() {
    dnnl_memory_desc_destroy(descriptor);
  }
}
