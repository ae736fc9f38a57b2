package io.nightshift.runtime.cuda.gemm;

import static io.nightshift.runtime.cuda.gemm.CublasCalls.check;
import static org.bytedeco.cuda.global.cudart.CUDA_R_16BF;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;
import static org.bytedeco.cuda.global.cudart.CUDA_R_8F_E4M3;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceAddress;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.runner.DeviceException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * cuBLASLt's description of one GEMM. cuBLASLt is column-major: a row-major matrix is the transpose
 * there, so the weights are its matrix A and the activations its matrix B.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cublas/#using-the-cublaslt-api">cuBLASLt</a>
 */
final class GemmPlan implements AutoCloseable {
  /** Maximum number of algorithms to ask for, more than there are: eight on Hopper. */
  private static final int CANDIDATES = 16;

  private static final int POINTER_ALIGNMENT = 16;

  /**
   * Tensor cores accumulate 8-bit products with fewer bits than f32, without promoting partial sums
   * to f32 every few terms. On an H200 that makes layers a tenth faster. With 4,096 and with 14,336
   * terms it raises the error of a sum from 1.7e-3 (rounding to bf16) to 2.1e-3; rounding the
   * operands to 8 bits makes 3.7e-2.
   */
  private static final int FAST_ACCUMULATION = 1;

  private final CudaDevice device;
  private final cublasLtContext library;
  private final Gemm shape;
  private final DeviceMemory workspace;
  private final cublasLtMatmulDescOpaque_t operation = new cublasLtMatmulDescOpaque_t();
  private final cublasLtMatrixLayoutOpaque_t weights = new cublasLtMatrixLayoutOpaque_t();
  private final cublasLtMatrixLayoutOpaque_t source = new cublasLtMatrixLayoutOpaque_t();
  private final cublasLtMatrixLayoutOpaque_t target = new cublasLtMatrixLayoutOpaque_t();
  private final FloatPointer alpha;

  /** 1 to accumulate into the target, 0 to overwrite it. */
  private final FloatPointer beta;

  GemmPlan(CudaDevice device, cublasLtContext library, Gemm shape, DeviceMemory workspace) {
    this.device = device;
    this.library = library;
    this.shape = shape;
    this.workspace = workspace;
    alpha = new FloatPointer(shape.multiplier());
    beta = new FloatPointer(shape.adds() ? 1f : 0f);
    boolean fp8 = shape.type() == GemmType.FP8;
    int input = fp8 ? CUDA_R_8F_E4M3 : CUDA_R_16BF;
    int output = shape.type() == GemmType.BF16_TO_F32 ? CUDA_R_32F : CUDA_R_16BF;
    require(
        cublas.cublasLtMatmulDescInit(operation, cublas.CUBLAS_COMPUTE_32F, CUDA_R_32F),
        "cublasLtMatmulDescInit");
    set(cublas.CUBLASLT_MATMUL_DESC_TRANSA, cublas.CUBLAS_OP_T, Integer.BYTES);
    set(cublas.CUBLASLT_MATMUL_DESC_TRANSB, cublas.CUBLAS_OP_N, Integer.BYTES);
    if (fp8) {
      set(cublas.CUBLASLT_MATMUL_DESC_FAST_ACCUM, FAST_ACCUMULATION, Byte.BYTES);
    }
    layout(weights, input, shape.inputs(), shape.outputs());
    layout(source, input, shape.inputs(), shape.rows());
    layout(target, output, shape.outputs(), shape.rows());
  }

  private void layout(cublasLtMatrixLayoutOpaque_t layout, int type, long rows, long columns) {
    require(
        cublas.cublasLtMatrixLayoutInit(layout, type, rows, columns, rows),
        "cublasLtMatrixLayoutInit");
  }

  private void set(int attribute, int value, int bytes) {
    try (IntPointer pointer = new IntPointer(1)) {
      pointer.put(value);
      require(
          cublas.cublasLtMatmulDescSetAttribute(operation, attribute, pointer, bytes),
          "cublasLtMatmulDescSetAttribute(" + attribute + ")");
    }
  }

  /** Algorithms that the library expects to be fast, the fastest first. */
  List<Algorithm> candidates() {
    try (cublasLtMatmulPreferenceOpaque_t preference = new cublasLtMatmulPreferenceOpaque_t();
        cublasLtMatmulHeuristicResult_t results = new cublasLtMatmulHeuristicResult_t(CANDIDATES)) {
      require(cublas.cublasLtMatmulPreferenceInit(preference), "cublasLtMatmulPreferenceInit");
      prefer(
          preference,
          cublas.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
          workspace.bytes(),
          Long.BYTES);
      // Split-K sums are reduced in f32 and rounded once.
      prefer(
          preference,
          cublas.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
          cublas.CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE,
          Integer.BYTES);
      for (int attribute = cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
          attribute <= cublas.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES;
          attribute++) {
        prefer(preference, attribute, POINTER_ALIGNMENT, Integer.BYTES);
      }
      int[] count = new int[1];
      int status =
          cublas.cublasLtMatmulAlgoGetHeuristic(
              library,
              operation,
              weights,
              source,
              target,
              target,
              preference,
              CANDIDATES,
              results,
              count);
      if (status == cublas.CUBLAS_STATUS_NOT_SUPPORTED || count[0] == 0) {
        throw new DeviceException(device + ": cuBLASLt has no algorithm for " + shape);
      }
      require(status, "cublasLtMatmulAlgoGetHeuristic");
      List<Algorithm> found = new ArrayList<>();
      for (int i = 0; i < count[0]; i++) {
        found.add(Algorithm.of(results.getPointer(i).algo()));
      }
      return found;
    }
  }

  private void prefer(
      cublasLtMatmulPreferenceOpaque_t preference, int attribute, long value, int bytes) {
    try (LongPointer pointer = new LongPointer(1)) {
      pointer.put(value);
      require(
          cublas.cublasLtMatmulPreferenceSetAttribute(preference, attribute, pointer, bytes),
          "cublasLtMatmulPreferenceSetAttribute(" + attribute + ")");
    }
  }

  /** Whether an algorithm, which may come from a file, can compute this GEMM. */
  boolean accepts(Algorithm algorithm) {
    try (cublasLtMatmulHeuristicResult_t result = new cublasLtMatmulHeuristicResult_t();
        cublasLtMatmulAlgo_t opaque = algorithm.toOpaque()) {
      return cublas.cublasLtMatmulAlgoCheck(
                  library, operation, weights, source, target, target, opaque, result)
              == cublas.CUBLAS_STATUS_SUCCESS
          && result.workspaceSize() <= workspace.bytes();
    }
  }

  /**
   * Enqueues the GEMM.
   *
   * @return cuBLAS's status, which is not success if the algorithm turns out not to fit
   */
  int tryRun(CudaStream stream, GemmOperands operands, cublasLtMatmulAlgo_t algorithm) {
    DeviceAddress result = new DeviceAddress(operands.target().address());
    return cublas.cublasLtMatmul(
        library,
        operation,
        alpha,
        new DeviceAddress(operands.weights().address()),
        weights,
        new DeviceAddress(operands.source().address()),
        source,
        beta,
        result,
        target,
        result,
        target,
        algorithm,
        new DeviceAddress(workspace.address()),
        workspace.bytes(),
        stream.handle());
  }

  /** As {@link #tryRun}, with an algorithm that fits. */
  void run(CudaStream stream, GemmOperands operands, cublasLtMatmulAlgo_t algorithm) {
    require(tryRun(stream, operands, algorithm), "cublasLtMatmul");
  }

  /** Floating-point operations of the GEMM. */
  double flops() {
    return 2.0 * shape.rows() * shape.inputs() * shape.outputs();
  }

  Gemm shape() {
    return shape;
  }

  private void require(int status, String call) {
    check(status, device, call + " of " + shape);
  }

  @Override
  public String toString() {
    return shape.toString();
  }

  @Override
  public void close() {
    operation.close();
    weights.close();
    source.close();
    target.close();
    alpha.close();
    beta.close();
  }
}
