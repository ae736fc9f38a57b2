package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMul.QuantizedWeights;
import org.jspecify.annotations.Nullable;

/**
 * A slice of weights that stay packed: integers and scales, which oneDNN's GEMM unpacks, and
 * offsets of groups of inputs. Since an offset is the same for a whole group, the offsets' part of
 * the output is the product of the groups' sums and the offsets.
 *
 * @param codes address of the integers
 * @param scales address of the scales
 * @param offsets {@code inputs / groupSize} rows; null if all are zero
 */
record QuantizedSlice(
    int inputs,
    int columns,
    QuantizedWeights weights,
    long codes,
    long scales,
    @Nullable DenseSlice offsets)
    implements LinearSlice {

  /** Source, weights, target, scales, bias, addend and factor. */
  private static final int MAX_OPERANDS = 7;

  @Override
  public void multiply(KernelCache kernels, SliceOperands operands) {
    LinearInput input = operands.input();
    Epilogue epilogue = operands.epilogue();
    boolean addend = offsets != null;
    long[] addresses = new long[MAX_OPERANDS];
    addresses[0] = input.address();
    addresses[1] = codes;
    addresses[2] = operands.target();
    addresses[3] = scales;
    int count = 4;
    if (epilogue.bias()) {
      addresses[count++] = operands.bias();
    }
    if (offsets != null) {
      addresses[count++] = input.multiplyGroupSums(weights.groupSize(), offsets);
    }
    if (epilogue.post().hasFactor()) {
      addresses[count++] = operands.factor();
    }
    kernels
        .matMul(
            new MatMul(
                input.rows(),
                inputs,
                columns,
                operands.targetStride(),
                weights,
                new Epilogue(epilogue.bias(), addend, epilogue.scaling(), epilogue.post())))
        .run(addresses, count);
  }
}
