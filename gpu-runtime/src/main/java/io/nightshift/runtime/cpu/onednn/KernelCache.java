package io.nightshift.runtime.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_destroy;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_stream;

/**
 * The kernels of one thread. A kernel is created when its shape is first requested and cached until
 * the cache is closed. Shapes should come from a small set, because creating a kernel compiles
 * code.
 */
public final class KernelCache implements AutoCloseable {
  private record RmsNorm(int rows, int columns, float epsilon) {}

  private record Elementwise(int rows, int columns, Eltwise function) {}

  private record Multiply(int rows, int columns, float factor) {}

  private record Add(int rows, int columns) {}

  private record Softmax(int rows, int columns) {}

  private record RowMaximum(int rows, int columns) {}

  private record ToBf16(int rows, int columns) {}

  private record Pack(int inputs, int outputs, MatMulType type) {}

  private final dnnl_stream stream = new dnnl_stream();
  private final Scratchpad scratchpad = new Scratchpad("oneDNN's scratchpad");
  private final KernelFactory factory;
  private final Map<Object, Kernel> kernels = new HashMap<>();

  public KernelCache(OneDnn library) {
    OneDnn.check(dnnl_stream_create(stream, library.engine(), 1), "create a stream");
    factory = new KernelFactory(library, stream, scratchpad);
  }

  /**
   * Matrix multiplication. Operands: source, weights, target, then those that there are of the
   * scales of quantized weights, the bias and the factor of {@link MatMul.PostOperation#hasFactor}.
   */
  public Kernel matMul(MatMul shape) {
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.matMul(shape));
  }

  /** Root mean square norm of dense f32 rows. Operands: source, weights, target. */
  public Kernel rmsNorm(int rows, int columns, float epsilon) {
    RmsNorm shape = new RmsNorm(rows, columns, epsilon);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.rmsNorm(rows, columns, epsilon));
  }

  /** A function of each element. Operands: source and target, which may be the same. */
  public Kernel eltwise(int rows, int columns, Eltwise function) {
    Elementwise shape = new Elementwise(rows, columns, function);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.eltwise(rows, columns, function));
  }

  /** {@code factor * x}. Operands: source and target, which may be the same. */
  public Kernel multiply(int rows, int columns, float factor) {
    Multiply shape = new Multiply(rows, columns, factor);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.multiply(rows, columns, factor));
  }

  /** Sum of two dense f32 matrices. Operands: both, and the target, which may be one of them. */
  public Kernel add(int rows, int columns) {
    Add shape = new Add(rows, columns);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.add(rows, columns));
  }

  /** Softmax along dense rows. Operands: source and target, which may be the same. */
  public Kernel softmax(int rows, int columns) {
    Softmax shape = new Softmax(rows, columns);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.softmax(rows, columns));
  }

  /**
   * The largest element of each of some dense rows. Operands: source, and a target of {@code rows}.
   */
  public Kernel rowMaximum(int rows, int columns) {
    RowMaximum shape = new RowMaximum(rows, columns);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.rowMaximum(rows, columns));
  }

  /**
   * Rounds dense f32 rows to bf16. Operands: source, and a target with the stride {@link
   * MatMulType#stride}, whose padding stays as it is.
   */
  public Kernel toBf16(int rows, int columns) {
    ToBf16 shape = new ToBf16(rows, columns);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.toBf16(rows, columns));
  }

  /**
   * Packs f32 weights, {@code outputs} rows of {@code inputs} elements. Operands: source, packed
   * target.
   */
  public Kernel pack(int inputs, int outputs, MatMulType type) {
    Pack shape = new Pack(inputs, outputs, type);
    Kernel known = kernels.get(shape);
    return known != null ? known : remember(shape, factory.pack(inputs, outputs, type));
  }

  /** Number of cached kernels. */
  public int size() {
    return kernels.size();
  }

  private Kernel remember(Object shape, Kernel kernel) {
    kernels.put(shape, kernel);
    return kernel;
  }

  @Override
  public void close() {
    kernels.values().forEach(Kernel::close);
    kernels.clear();
    scratchpad.close();
    dnnl_stream_destroy(stream);
  }
}
