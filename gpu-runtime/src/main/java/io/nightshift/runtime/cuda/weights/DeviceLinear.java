package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.gemm.GemmType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer on the device.
 *
 * @param parts the weights, {@code [outputs][inputs]} together: one dense matrix, or several parts
 *     of which at least one is packed
 * @param scales an e8m0 for each output; null if the weights need no scaling
 * @param type of the GEMM that computes it
 */
public record DeviceLinear(List<WeightRows> parts, @Nullable DeviceVector scales, GemmType type) {

  public DeviceLinear {
    parts = List.copyOf(parts);
  }

  /** A layer of dense weights. */
  public static DeviceLinear dense(
      DeviceMatrix weights, @Nullable DeviceVector scales, GemmType type) {
    return new DeviceLinear(List.of(new WeightRows.Dense(weights)), scales, type);
  }

  /** Whether weights are in tiles, all of them, so that a GEMM can read them packed. */
  public boolean isTiled() {
    return parts.stream().allMatch(WeightRows.Tiled.class::isInstance);
  }

  /** Whether weights must be unpacked for a GEMM that reads dense ones. */
  public boolean isPacked() {
    return !(parts.size() == 1 && parts.get(0) instanceof WeightRows.Dense);
  }

  /**
   * The weights of a layer that is not packed.
   *
   * @throws IllegalStateException if it is
   */
  public DeviceMatrix weights() {
    if (parts.size() == 1 && parts.get(0) instanceof WeightRows.Dense dense) {
      return dense.matrix();
    }
    throw new IllegalStateException("the weights of " + outputs() + " outputs are packed");
  }

  /** Columns of the GEMM's input. */
  public int inputs() {
    return parts.get(0).columns();
  }

  /** Columns of the GEMM's output. */
  public int outputs() {
    return Math.toIntExact(parts.stream().mapToLong(WeightRows::count).sum());
  }

  /** The layer that computes only outputs {@code first} to {@code first + count - 1}. */
  public DeviceLinear outputs(int first, int count) {
    List<WeightRows> some = new ArrayList<>();
    long before = 0;
    for (WeightRows part : parts) {
      long begin = Math.max(0, first - before);
      long end = Math.min(part.count(), (long) first + count - before);
      if (begin < end) {
        some.add(part.slice(begin, end - begin));
      }
      before += part.count();
    }
    return new DeviceLinear(some, scales == null ? null : scales.slice(first, count), type);
  }

  /** Bytes of the weights as a GEMM reads them. */
  public long denseBytes() {
    return (long) inputs() * outputs() * type.inputType().bytes();
  }
}
