package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMul.PostOperation;
import io.nightshift.runtime.cpu.onednn.MatMul.QuantizedWeights;
import io.nightshift.runtime.cpu.onednn.MatMul.Scaling;
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

  /** Source, weights, target, scales, bias and factor. */
  private static final int MAX_OPERANDS = 6;

  @Override
  public void multiply(KernelCache kernels, SliceOperands operands) {
    if (offsets == null) {
      multiplyCodes(kernels, operands, operands.epilogue());
      return;
    }
    // The first product is left in the target, to which the second is added.
    Epilogue whole = operands.epilogue();
    boolean adding = whole.post() == PostOperation.ADD_TO_TARGET;
    Epilogue first =
        adding ? whole : new Epilogue(whole.bias(), false, Scaling.NONE, PostOperation.NONE);
    LinearInput sums = operands.input().groupSums(weights.groupSize());
    offsets.multiply(
        kernels,
        new SliceOperands(
            sums, operands.target(), operands.targetStride(), first, operands.bias(), 0));
    multiplyCodes(kernels, operands, new Epilogue(false, !adding, whole.scaling(), whole.post()));
  }

  private void multiplyCodes(KernelCache kernels, SliceOperands operands, Epilogue epilogue) {
    LinearInput input = operands.input();
    long[] addresses = new long[MAX_OPERANDS];
    addresses[0] = input.address();
    addresses[1] = codes;
    addresses[2] = operands.target();
    addresses[3] = scales;
    int count = 4;
    if (epilogue.bias()) {
      addresses[count++] = operands.bias();
    }
    if (epilogue.post().hasFactor()) {
      addresses[count++] = operands.factor();
    }
    kernels
        .matMul(
            new MatMul(input.rows(), inputs, columns, operands.targetStride(), weights, epilogue))
        .run(addresses, count);
  }
}
