package io.nightshift.runtime.cuda.gemm;

import static io.nightshift.runtime.cuda.gemm.CublasCalls.check;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.global.cublas;

/**
 * Runs products with the fastest of cuBLASLt's algorithms. Its own guess is a third slower on some
 * shapes, so the first product of a shape times the candidates; the choice is kept on disk.
 */
public final class MatMulLibrary implements AutoCloseable {
  /** Twice what cuBLASLt's documentation advises for Hopper, to write over the L2 cache with it. */
  private static final long WORKSPACE_BYTES = 64L << 20;

  private final CudaDevice device;
  private final cublasLtContext handle = new cublasLtContext();
  private final DeviceMemory workspace;
  private final AlgorithmCache cache;
  private final Map<MatMul, Prepared> prepared = new HashMap<>();

  private record Prepared(MatMulPlan plan, cublasLtMatmulAlgo_t algorithm) {}

  /**
   * @param cacheFolder for the file of algorithms
   */
  public MatMulLibrary(CudaDevice device, Path cacheFolder) {
    this.device = device;
    workspace = new DeviceMemory(device, "cuBLASLt's workspace", WORKSPACE_BYTES);
    check(cublas.cublasLtCreate(handle), device, "cublasLtCreate");
    cache = new AlgorithmCache(cacheFolder, device.name(), cublas.cublasLtGetVersion());
  }

  /** Device memory that this takes, in bytes. */
  public static long deviceBytes() {
    return WORKSPACE_BYTES;
  }

  /** Writes the choices made so far to the cache folder. */
  public void save() {
    cache.save();
  }

  /**
   * Puts a product into the stream. Where the shape is new, waits for the stream and times the
   * candidates first, which cannot be captured in a graph; the target holds the result in any case.
   */
  public void multiply(CudaStream stream, MatMul shape, MatMulOperands operands) {
    Prepared found = prepared.get(shape);
    if (found == null) {
      found = prepare(stream, shape, operands);
      prepared.put(shape, found);
    }
    found.plan().run(stream, operands, found.algorithm());
  }

  private Prepared prepare(CudaStream stream, MatMul shape, MatMulOperands operands) {
    MatMulPlan plan = new MatMulPlan(device, handle, shape, workspace);
    Algorithm algorithm =
        cache
            .get(shape)
            .filter(plan::accepts)
            .orElseGet(
                () -> {
                  try (AlgorithmTimer timer = new AlgorithmTimer(device, stream, workspace)) {
                    return timer.fastest(plan, plan.candidates(operands), operands);
                  }
                });
    cache.put(shape, algorithm);
    return new Prepared(plan, algorithm.toOpaque());
  }

  @Override
  public void close() {
    cache.save();
    prepared
        .values()
        .forEach(
            each -> {
              each.plan().close();
              each.algorithm().close();
            });
    prepared.clear();
    cublas.cublasLtDestroy(handle);
    workspace.close();
  }
}
