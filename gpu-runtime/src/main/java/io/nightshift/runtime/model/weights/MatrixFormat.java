package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;
import java.util.List;
import java.util.Optional;

/** How the weight matrices of a model are stored, if not as plain numbers or ggml's blocks. */
public interface MatrixFormat {

  /** All matrices are plain numbers or ggml's blocks. */
  MatrixFormat PLAIN =
      new MatrixFormat() {
        @Override
        public Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape) {
          return Optional.empty();
        }

        @Override
        public boolean ignorable(StoredTensors stored, String name) {
          return false;
        }
      };

  /**
   * Opens a matrix that is stored in another way, for instance in several tensors.
   *
   * @param name the name that it would have as a tensor of plain numbers
   * @param shape outermost dimension first
   * @return empty if it is stored as plain numbers
   * @throws ModelFormatException if what is stored does not make a matrix of that shape
   */
  Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape);

  /** Whether a stored tensor that belongs to no matrix has no effect on what is computed. */
  boolean ignorable(StoredTensors stored, String name);
}
