package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.util.List;

/**
 * Some rows of a stack of matrices in MXFP4, which are numbered through. The elements are the
 * stored tensor {@code NAME_blocks} of bytes, {@code [matrices, rows, columns / 32, 16]}, and the
 * scales {@code NAME_scales}, {@code [matrices, rows, columns / 32]}.
 *
 * @param name name in the file without the suffix
 * @param matrices expected number of matrices
 * @param rows expected number of rows of each
 * @param order which row of the stack each row is
 */
public record Mxfp4Rows(String name, long matrices, long rows, RowOrder order)
    implements TensorSource {

  @Override
  public Tensor open(StoredTensors stored, TensorShape part) {
    long blocks = part.columns() / Mxfp4Tensor.GROUP;
    String scales = name + "_scales";
    if (part.columns() % Mxfp4Tensor.GROUP != 0) {
      throw stored.problem(
          scales,
          "rows of %s elements are no multiple of the %s elements in a block of MXFP4"
              .formatted(part.columns(), Mxfp4Tensor.GROUP));
    }
    return new Mxfp4Tensor(
        stored.bytes(
            name + "_blocks", List.of(matrices, rows, blocks, (long) Mxfp4Tensor.GROUP_BYTES)),
        stored.bytes(scales, List.of(matrices, rows, blocks)),
        part,
        order);
  }
}
