package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_SCALES;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fpmath_mode_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fpmath_mode_strict;
import static org.bytedeco.dnnl.global.dnnl.dnnl_layer_normalization_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_fpmath_mode_v2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scales;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_max;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_rms_norm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_accurate;
import static org.bytedeco.dnnl.global.dnnl.dnnl_softmax_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;

import io.nightshift.runtime.cpu.onednn.Kernel.Operand;
import io.nightshift.runtime.cpu.onednn.MatMul.DenseWeights;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.QuantizedWeights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;

/** Describes primitives to oneDNN and creates kernels from them. */
final class KernelFactory {
  private static final dnnl_memory_desc ABSENT = new dnnl_memory_desc();

  /** oneDNN's mask for scales that differ along both dimensions of a matrix. */
  private static final int BOTH_DIMENSIONS = 3;

  private static final int APPLY_TO_INTEGERS = 1;

  private final OneDnn library;
  private final dnnl_stream stream;
  private final Scratchpad scratchpad;

  KernelFactory(OneDnn library, dnnl_stream stream, Scratchpad scratchpad) {
    this.library = library;
    this.stream = stream;
    this.scratchpad = scratchpad;
  }

  private interface Describe {
    int into(dnnl_primitive_desc description, dnnl_primitive_attr attributes);
  }

  Kernel matMul(MatMul shape) {
    try (Layouts layouts = new Layouts()) {
      int inputs = shape.inputs();
      int outputs = shape.outputs();
      MatMulType type = shape.weights().type();
      dnnl_memory_desc source =
          layouts.rows(shape.rows(), inputs, type.stride(inputs), type.code());
      dnnl_memory_desc weights = weights(shape, layouts);
      dnnl_memory_desc target = layouts.rows(shape.rows(), outputs, shape.targetStride(), dnnl_f32);
      Epilogue epilogue = shape.epilogue();
      dnnl_memory_desc bias =
          epilogue.bias() ? layouts.rows(1, outputs, outputs, dnnl_f32) : ABSENT;
      List<Operand> operands = new ArrayList<>();
      operands.add(new Operand(DNNL_ARG_SRC, source));
      operands.add(new Operand(DNNL_ARG_WEIGHTS, weights));
      operands.add(new Operand(DNNL_ARG_DST, target));
      if (shape.weights() instanceof QuantizedWeights quantized) {
        int groups = inputs / quantized.groupSize();
        operands.add(
            new Operand(
                DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS,
                layouts.rows(groups, outputs, outputs, dnnl_f32)));
      }
      if (epilogue.bias()) {
        operands.add(new Operand(DNNL_ARG_BIAS, bias));
      }
      try (PostOperations post = new PostOperations()) {
        if (epilogue.onTarget()) {
          post.append(PostOperation.ADD_TO_TARGET);
        }
        post.scale(epilogue.scaling());
        post.append(epilogue.post());
        if (epilogue.post().hasFactor()) {
          operands.add(post.binary(dnnl_binary_mul, target));
        }
        return kernel(
            shape.toString(),
            post,
            operands,
            (description, attributes) -> {
              if (shape.weights() instanceof QuantizedWeights quantized) {
                unpack(quantized, attributes);
              }
              return dnnl_matmul_primitive_desc_create(
                  description, library.engine(), source, weights, bias, target, attributes);
            });
      }
    }
  }

  private dnnl_memory_desc weights(MatMul shape, Layouts layouts) {
    int inputs = shape.inputs();
    int outputs = shape.outputs();
    if (shape.weights() instanceof QuantizedWeights quantized) {
      int code = quantized.codes().code();
      return quantized.codes().transposed()
          ? layouts.columns(inputs, outputs, inputs, code)
          : layouts.rows(inputs, outputs, outputs, code);
    }
    DenseWeights dense = (DenseWeights) shape.weights();
    return switch (dense.layout()) {
      case PACKED -> library.packedFormat(inputs, outputs, dense.type()).descriptor();
      case PLAIN -> layouts.rows(inputs, outputs, outputs, dense.type().code());
      case TRANSPOSED -> layouts.columns(inputs, outputs, inputs, dense.type().code());
    };
  }

  /** Has integer weights multiplied by their scales and converted before the GEMM. */
  private static void unpack(QuantizedWeights weights, dnnl_primitive_attr attributes) {
    OneDnn.check(
        dnnl_primitive_attr_set_scales(
            attributes,
            DNNL_ARG_WEIGHTS,
            BOTH_DIMENSIONS,
            2,
            new long[] {weights.groupSize(), 1},
            dnnl_f32),
        "set the groups of scales");
    int mode = weights.type() == MatMulType.BF16 ? dnnl_fpmath_mode_bf16 : dnnl_fpmath_mode_strict;
    OneDnn.check(
        dnnl_primitive_attr_set_fpmath_mode_v2(attributes, mode, APPLY_TO_INTEGERS),
        "set the type that weights are unpacked to");
  }

  Kernel rmsNorm(int rows, int columns, float epsilon) {
    try (Layouts layouts = new Layouts()) {
      dnnl_memory_desc matrix = layouts.rows(rows, columns, columns, dnnl_f32);
      dnnl_memory_desc scale = layouts.vector(columns);
      return kernel(
          "RMS norm " + rows + " x " + columns,
          List.of(
              new Operand(DNNL_ARG_SRC, matrix),
              new Operand(DNNL_ARG_SCALE, scale),
              new Operand(DNNL_ARG_DST, matrix)),
          (description, attributes) ->
              dnnl_layer_normalization_forward_primitive_desc_create(
                  description,
                  library.engine(),
                  dnnl_forward_inference,
                  matrix,
                  matrix,
                  ABSENT,
                  epsilon,
                  dnnl_use_scale | dnnl_rms_norm,
                  attributes));
    }
  }

  Kernel eltwise(int rows, int columns, Eltwise function) {
    try (Layouts layouts = new Layouts()) {
      dnnl_memory_desc matrix = layouts.rows(rows, columns, columns, dnnl_f32);
      return kernel(
          function + " " + rows + " x " + columns,
          List.of(new Operand(DNNL_ARG_SRC, matrix), new Operand(DNNL_ARG_DST, matrix)),
          (description, attributes) ->
              eltwise(matrix, function.algorithm(), function.alpha(), description, attributes));
    }
  }

  Kernel multiply(int rows, int columns, float factor) {
    try (Layouts layouts = new Layouts()) {
      dnnl_memory_desc matrix = layouts.rows(rows, columns, columns, dnnl_f32);
      return kernel(
          "multiplication " + rows + " x " + columns,
          List.of(new Operand(DNNL_ARG_SRC, matrix), new Operand(DNNL_ARG_DST, matrix)),
          (description, attributes) ->
              eltwise(matrix, dnnl_eltwise_linear, factor, description, attributes));
    }
  }

  Kernel add(int rows, int columns) {
    try (Layouts layouts = new Layouts()) {
      dnnl_memory_desc matrix = layouts.rows(rows, columns, columns, dnnl_f32);
      return kernel(
          "addition " + rows + " x " + columns,
          List.of(
              new Operand(DNNL_ARG_SRC_0, matrix),
              new Operand(DNNL_ARG_SRC_1, matrix),
              new Operand(DNNL_ARG_DST, matrix)),
          (description, attributes) ->
              dnnl_binary_primitive_desc_create(
                  description,
                  library.engine(),
                  dnnl_binary_add,
                  matrix,
                  matrix,
                  matrix,
                  attributes));
    }
  }

  private int eltwise(
      dnnl_memory_desc matrix,
      int algorithm,
      float alpha,
      dnnl_primitive_desc description,
      dnnl_primitive_attr attributes) {
    return dnnl_eltwise_forward_primitive_desc_create(
        description,
        library.engine(),
        dnnl_forward_inference,
        algorithm,
        matrix,
        matrix,
        alpha,
        0f,
        attributes);
  }

  Kernel softmax(int rows, int columns) {
    try (Layouts layouts = new Layouts()) {
      dnnl_memory_desc matrix = layouts.rows(rows, columns, columns, dnnl_f32);
      return kernel(
          "softmax " + rows + " x " + columns,
          List.of(new Operand(DNNL_ARG_SRC, matrix), new Operand(DNNL_ARG_DST, matrix)),
          (description, attributes) ->
              dnnl_softmax_forward_primitive_desc_create(
                  description,
                  library.engine(),
                  dnnl_forward_inference,
                  dnnl_softmax_accurate,
                  matrix,
                  matrix,
                  1,
                  attributes));
    }
  }

  Kernel rowMaximum(int rows, int columns) {
    try (Layouts layouts = new Layouts()) {
      dnnl_memory_desc matrix = layouts.rows(rows, columns, columns, dnnl_f32);
      dnnl_memory_desc maxima = layouts.rows(rows, 1, 1, dnnl_f32);
      return kernel(
          "row maximum " + rows + " x " + columns,
          List.of(new Operand(DNNL_ARG_SRC, matrix), new Operand(DNNL_ARG_DST, maxima)),
          (description, attributes) ->
              dnnl_reduction_primitive_desc_create(
                  description,
                  library.engine(),
                  dnnl_reduction_max,
                  matrix,
                  maxima,
                  0f,
                  0f,
                  attributes));
    }
  }

  Kernel toBf16(int rows, int columns) {
    try (Layouts layouts = new Layouts()) {
      return reorder(
          layouts.rows(rows, columns, columns, dnnl_f32),
          layouts.rows(rows, columns, MatMulType.BF16.stride(columns), MatMulType.BF16.code()));
    }
  }

  Kernel pack(int inputs, int outputs, MatMulType type) {
    try (Layouts layouts = new Layouts()) {
      return reorder(
          layouts.columns(inputs, outputs, inputs, dnnl_f32),
          library.packedFormat(inputs, outputs, type).descriptor());
    }
  }

  private Kernel reorder(dnnl_memory_desc from, dnnl_memory_desc to) {
    return kernel(
        "reorder",
        List.of(new Operand(DNNL_ARG_SRC, from), new Operand(DNNL_ARG_DST, to)),
        (description, attributes) ->
            dnnl_reorder_primitive_desc_create(
                description, from, library.engine(), to, library.engine(), attributes));
  }

  private Kernel kernel(String name, List<Operand> operands, Describe describe) {
    try (PostOperations none = new PostOperations()) {
      return kernel(name, none, operands, describe);
    }
  }

  private Kernel kernel(
      String name, PostOperations post, List<Operand> operands, Describe describe) {
    dnnl_primitive_attr attributes = new dnnl_primitive_attr();
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    try {
      OneDnn.check(dnnl_primitive_attr_create(attributes), "create attributes");
      OneDnn.check(
          dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
          "set the scratchpad mode");
      OneDnn.check(
          dnnl_primitive_attr_set_post_ops(attributes, post.chain()), "set the post-operations");
      OneDnn.check(describe.into(description, attributes), "find a kernel for " + name);
      return new Kernel(library, stream, scratchpad, description, operands);
    } finally {
      dnnl_primitive_desc_destroy(description);
      dnnl_primitive_attr_destroy(attributes);
    }
  }

  /** Memory descriptors that exist only while a kernel is created. */
  private static final class Layouts implements AutoCloseable {
    private final List<dnnl_memory_desc> made = new ArrayList<>();

    dnnl_memory_desc rows(int rows, int columns, int stride, int type) {
      return strided(new long[] {rows, columns}, new long[] {stride, 1}, type);
    }

    dnnl_memory_desc columns(int rows, int columns, int stride, int type) {
      return strided(new long[] {rows, columns}, new long[] {1, stride}, type);
    }

    dnnl_memory_desc vector(int elements) {
      return strided(new long[] {elements}, new long[] {1}, dnnl_f32);
    }

    private dnnl_memory_desc strided(long[] dimensions, long[] strides, int type) {
      dnnl_memory_desc result = new dnnl_memory_desc();
      OneDnn.check(
          dnnl_memory_desc_create_with_strides(
              result, dimensions.length, dimensions, type, strides),
          "describe a matrix");
      made.add(result);
      return result;
    }

    @Override
    public void close() {
      made.forEach(layout -> dnnl_memory_desc_destroy(layout));
    }
  }
}
