package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.Kernel;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MatMul;
import io.nightshift.runtime.cpu.onednn.MatMul.DenseWeights;
import io.nightshift.runtime.cpu.onednn.MatMul.Epilogue;
import io.nightshift.runtime.cpu.onednn.MatMul.WeightLayout;
import io.nightshift.runtime.cpu.onednn.MatMulType;

/**
 * A slice of floating-point weights.
 *
 * @param address of the weights, in {@link WeightLayout#PACKED}
 */
record DenseSlice(int inputs, int columns, MatMulType type, long address) implements LinearSlice {

  @Override
  public void multiply(KernelCache kernels, SliceOperands operands) {
    Epilogue epilogue = operands.epilogue();
    LinearInput input = operands.input();
    Kernel kernel =
        kernels.matMul(
            new MatMul(
                input.rows(),
                inputs,
                columns,
                operands.targetStride(),
                new DenseWeights(WeightLayout.PACKED, type),
                epilogue));
    long source = input.address();
    long target = operands.target();
    boolean factor = epilogue.post().hasFactor();
    if (epilogue.bias() && factor) {
      kernel.run(source, address, target, operands.bias(), operands.factor());
    } else if (epilogue.bias()) {
      kernel.run(source, address, target, operands.bias());
    } else if (factor) {
      kernel.run(source, address, target, operands.factor());
    } else {
      kernel.run(source, address, target);
    }
  }
}
