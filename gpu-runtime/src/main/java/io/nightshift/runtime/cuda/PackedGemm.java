package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmTimer;
import io.nightshift.runtime.cuda.kernels.UnpackKernels;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.WeightRows;
import io.nightshift.runtime.model.CodeType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GEMMs of packed weights, which are unpacked to a matrix that all layers use in turn, and read
 * from there by cuBLASLt. Unpacking reads and writes the weights once; a GEMM of thousands of rows
 * takes a hundred times as long.
 */
final class PackedGemm implements AutoCloseable {
  private static final int ROUNDS = 5;

  private final CudaStream stream;
  private final GemmLibrary gemms;
  private final UnpackKernels kernels;
  private final DeviceMemory unpacked;
  private final Map<List<PartShape>, Double> times = new HashMap<>();

  /** What the time of unpacking some rows depends on; no code type for dense ones. */
  private record PartShape(@Nullable CodeType codes, long rows, int columns, int groups) {}

  /**
   * @param unpackedBytes bytes of the largest weights as a GEMM reads them
   */
  PackedGemm(KernelLibrary library, CudaStream stream, GemmLibrary gemms, long unpackedBytes) {
    this.stream = stream;
    this.gemms = gemms;
    kernels = new UnpackKernels(library, stream);
    unpacked = new DeviceMemory(stream.device(), "unpacked weights", unpackedBytes);
  }

  /** The layer with its weights where {@link #unpack} leaves them. */
  DeviceLinear unpacked(DeviceLinear linear) {
    if (linear.denseBytes() > unpacked.bytes()) {
      throw new IllegalArgumentException(
          "weights of [%s, %s] do not fit %s"
              .formatted(linear.outputs(), linear.inputs(), unpacked));
    }
    return DeviceLinear.dense(
        new DeviceMatrix(
            unpacked.address(), linear.outputs(), linear.inputs(), linear.type().inputType()),
        linear.scales(),
        linear.type());
  }

  /**
   * Enqueues the unpacking of a layer's weights.
   *
   * @return the layer with dense weights, valid until others are unpacked
   */
  DeviceLinear unpack(DeviceLinear linear) {
    DeviceLinear dense = unpacked(linear);
    long row = 0;
    for (WeightRows part : linear.parts()) {
      DeviceMatrix target = dense.weights().rows(row, part.count());
      DeviceVector scales = linear.scales();
      if (part instanceof WeightRows.Dense own) {
        stream.copy(own.matrix().address(), target.address(), target.bytes());
      } else if (part instanceof WeightRows.Packed packed) {
        if (scales == null) {
          kernels.unpack(packed.matrix(), target);
        } else {
          kernels.unpack(packed.matrix(), scales.slice(row, part.count()), target);
        }
      }
      row += part.count();
    }
    return dense;
  }

  /** Enqueues a GEMM; its shape must be prepared. */
  void run(LayerGemm gemm, int rows) {
    gemms.multiply(stream, gemm.shape(rows), gemm.with(unpack(gemm.linear())).operands());
  }

  /** Times the unpacking of weights, unless it is known, and waits for the stream. */
  void prepare(DeviceLinear linear) {
    times.computeIfAbsent(shapes(linear), unknown -> measure(linear));
  }

  private double measure(DeviceLinear linear) {
    unpack(linear); // Loads the code, which is not to be timed.
    try (CudaGraph graph = stream.capture(() -> unpack(linear))) {
      return GemmTimer.medianSeconds(stream, List.of(graph), ROUNDS)[0];
    }
  }

  /** Seconds of unpacking weights that are prepared. */
  double unpackSeconds(DeviceLinear linear) {
    return requireNonNull(times.get(shapes(linear)));
  }

  private static List<PartShape> shapes(DeviceLinear linear) {
    return linear.parts().stream().map(PackedGemm::shape).toList();
  }

  private static PartShape shape(WeightRows part) {
    return part instanceof WeightRows.Packed packed
        ? new PartShape(
            packed.matrix().codeType(), part.count(), part.columns(), packed.matrix().groups())
        : new PartShape(null, part.count(), part.columns(), 0);
  }

  @Override
  public void close() {
    unpacked.close();
  }
}
