package io.nightshift.runtime.cuda.gemm;

import static io.nightshift.runtime.cuda.gemm.CublasCalls.check;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.global.cublas;

/**
 * Runs GEMMs with the fastest of cuBLASLt's algorithms. Its heuristic's first choice is a third
 * slower for some shapes, so each shape's candidates are timed once; the choice is kept on disk.
 */
public final class GemmLibrary implements AutoCloseable {
  /** Twice what cuBLASLt's documentation recommends for Hopper. */
  private static final long WORKSPACE_BYTES = 64L << 20;

  private final CudaDevice device;
  private final cublasLtContext handle = new cublasLtContext();
  private final DeviceMemory workspace;
  private final AlgorithmCache cache;
  private final Map<Gemm, Prepared> prepared = new HashMap<>();

  private record Prepared(GemmPlan plan, cublasLtMatmulAlgo_t algorithm, double seconds) {}

  /**
   * @param cacheFolder folder for the file of algorithms
   */
  public GemmLibrary(CudaDevice device, Path cacheFolder) {
    this.device = device;
    workspace = new DeviceMemory(device, "cuBLASLt's workspace", WORKSPACE_BYTES);
    check(cublas.cublasLtCreate(handle), device, "cublasLtCreate");
    cache = new AlgorithmCache(cacheFolder, device.name(), version());
  }

  /** Version of cuBLASLt. */
  public long version() {
    return cublas.cublasLtGetVersion();
  }

  /** Bytes of device memory that a library takes. */
  public static long deviceBytes() {
    return WORKSPACE_BYTES;
  }

  /** Writes the choices so far to the cache folder. */
  public void save() {
    cache.save();
  }

  /**
   * Prepares GEMMs: chooses their algorithms and loads the code. Does nothing for shapes that are
   * prepared; for others runs GEMMs, and may wait for the stream.
   *
   * @param shapes shapes that differ in their rows only
   * @param rotation operands to run them with, in turn: with the weights of many layers, so that
   *     these come from memory as they do in a step, and not from the L2 cache
   */
  public void prepare(CudaStream stream, List<Gemm> shapes, List<GemmOperands> rotation) {
    List<AlgorithmTimer> unknown = new ArrayList<>();
    for (Gemm shape : shapes) {
      if (!prepared.containsKey(shape)) {
        GemmPlan plan = new GemmPlan(device, handle, shape, workspace);
        cache
            .get(shape)
            .filter(known -> plan.accepts(known.algorithm()))
            .ifPresentOrElse(
                known -> add(plan, known),
                () -> unknown.add(new AlgorithmTimer(stream, plan, rotation)));
      }
    }
    AlgorithmSearch.fastest(unknown).forEach((timer, algorithm) -> add(timer.plan(), algorithm));
    shapes.forEach(shape -> multiply(stream, shape, rotation.get(0)));
  }

  private void add(GemmPlan plan, TimedAlgorithm timed) {
    cache.put(plan.shape(), timed);
    prepared.put(plan.shape(), new Prepared(plan, timed.algorithm().toOpaque(), timed.seconds()));
  }

  /**
   * Enqueues a GEMM.
   *
   * @throws IllegalStateException if its shape is not prepared
   */
  public void multiply(CudaStream stream, Gemm shape, GemmOperands operands) {
    Prepared found = prepared(shape);
    found.plan().run(stream, operands, found.algorithm());
  }

  /**
   * How long a GEMM took when its algorithm was chosen, between others like it.
   *
   * @return seconds
   * @throws IllegalStateException if its shape is not prepared
   */
  public double seconds(Gemm shape) {
    return prepared(shape).seconds();
  }

  private Prepared prepared(Gemm shape) {
    Prepared found = prepared.get(shape);
    if (found == null) {
      throw new IllegalStateException(shape + " is not prepared");
    }
    return found;
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
