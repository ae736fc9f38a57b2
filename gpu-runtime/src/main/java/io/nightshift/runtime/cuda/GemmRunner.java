package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmOperands;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import java.util.List;

/** Runs the GEMMs of linear layers, whose weights are dense or packed. */
final class GemmRunner {
  private final CudaStream stream;
  private final GemmLibrary gemms;
  private final PackedGemm packed;

  GemmRunner(CudaStream stream, GemmLibrary gemms, PackedGemm packed) {
    this.stream = stream;
    this.gemms = gemms;
    this.packed = packed;
  }

  /** The library that multiplies dense weights. */
  GemmLibrary library() {
    return gemms;
  }

  /** Enqueues a GEMM; its shape must be prepared. */
  void run(LayerGemm gemm, int rows) {
    if (gemm.linear().isPacked()) {
      packed.run(gemm, rows);
    } else {
      gemms.multiply(stream, gemm.shape(rows), gemm.operands());
    }
  }

  /**
   * Enqueues the unpacking of a layer's weights, if they are packed.
   *
   * @return the layer with dense weights, valid until others are unpacked or a GEMM runs
   */
  DeviceLinear unpack(DeviceLinear linear) {
    return linear.isPacked() ? packed.unpack(linear) : linear;
  }

  /** The layer with its weights where {@link #unpack} leaves them, or has them already. */
  DeviceLinear unpacked(DeviceLinear linear) {
    return linear.isPacked() ? packed.unpacked(linear) : linear;
  }

  /** The operands with which a GEMM's algorithms are timed: dense weights. */
  GemmOperands operands(LayerGemm gemm) {
    return gemm.with(unpacked(gemm.linear())).operands();
  }

  /**
   * Times what GEMMs need besides those of {@link #library}, which are prepared.
   *
   * @param same GEMMs of one shape, with weights of different layers
   * @param rowCounts rounded
   */
  void prepare(List<LayerGemm> same, List<Integer> rowCounts) {
    packed.prepare(same.stream().filter(gemm -> gemm.linear().isPacked()).toList(), rowCounts);
  }

  /** Seconds of a GEMM whose shape and layer are prepared. */
  double seconds(LayerGemm gemm, int rows) {
    return gemm.linear().isPacked() ? packed.seconds(gemm, rows) : gemms.seconds(gemm.shape(rows));
  }
}
