package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_binary;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_len;

import io.nightshift.runtime.cpu.onednn.Kernel.Operand;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;

/** oneDNN's chain of operations that follow a primitive's own, on each element of its result. */
final class PostOperations implements AutoCloseable {
  /** Bound of both inputs of gpt-oss's SwiGLU. */
  private static final float CLAMP = 7;

  private final dnnl_post_ops chain = new dnnl_post_ops();

  PostOperations() {
    OneDnn.check(dnnl_post_ops_create(chain), "create post-operations");
  }

  void scale(Scaling scaling) {
    if (scaling.softCap() > 0) {
      linear(scaling.factor() / scaling.softCap(), 0);
      eltwise(dnnl_eltwise_tanh, 0, 0);
      linear(scaling.softCap(), 0);
    } else if (scaling.factor() != 1) {
      linear(scaling.factor(), 0);
    }
  }

  void append(PostOperation post) {
    switch (post) {
      case NONE, MULTIPLY -> {}
      case ADD_TO_TARGET ->
          OneDnn.check(dnnl_post_ops_append_sum(chain, 1f, 0, dnnl_f32), "add to the target");
      case CLAMP -> eltwise(dnnl_eltwise_clip, -Float.MAX_VALUE, CLAMP);
      case CLAMP_AND_MULTIPLY -> {
        eltwise(dnnl_eltwise_clip, -CLAMP, CLAMP);
        linear(1, 1);
      }
    }
  }

  /** Combines the result with another matrix, for instance by {@code dnnl_binary_mul}. */
  Operand binary(int algorithm, dnnl_memory_desc layout) {
    int index = dnnl_post_ops_len(chain);
    OneDnn.check(dnnl_post_ops_append_binary(chain, algorithm, layout), "combine two matrices");
    int code = DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (index + 1) | DNNL_ARG_SRC_1;
    return new Operand(code, layout);
  }

  private void linear(float factor, float summand) {
    eltwise(dnnl_eltwise_linear, factor, summand);
  }

  private void eltwise(int algorithm, float alpha, float beta) {
    OneDnn.check(
        dnnl_post_ops_append_eltwise(chain, algorithm, alpha, beta), "append an operation");
  }

  dnnl_post_ops chain() {
    return chain;
  }

  @Override
  public void close() {
    dnnl_post_ops_destroy(chain);
  }
}
