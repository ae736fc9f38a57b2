package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.weights.StoredTensor;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A linear layer whose weights may be quantized.
 *
 * @param module the layer's name in the folder, that of its weights without {@code .weight}
 * @param rows outputs
 * @param columns inputs
 */
record LinearLayer(StoredTensors stored, String module, int rows, int columns) {
  private static final String WEIGHT = ".weight";

  /** Layers that some tools quantize and others do not, whatever they write to the file. */
  private static final List<String> EITHER =
      List.of("lm_head", "embed_tokens", ".gate", ".router", ".gate_inp");

  /** Empty if the name is not that of a matrix of a linear layer, or the matrix is a stack. */
  static Optional<LinearLayer> of(StoredTensors stored, String name, List<Long> shape) {
    return name.endsWith(WEIGHT) && shape.size() == 2
        ? Optional.of(
            new LinearLayer(
                stored,
                name.substring(0, name.length() - WEIGHT.length()),
                Math.toIntExact(shape.get(0)),
                Math.toIntExact(shape.get(1))))
        : Optional.empty();
  }

  /** The full name of a tensor of the layer. */
  String name(String tensor) {
    return module + '.' + tensor;
  }

  boolean has(String tensor) {
    return stored.contains(name(tensor));
  }

  boolean hasType(String tensor, TensorType type) {
    return stored.type(name(tensor)).filter(type::equals).isPresent();
  }

  /** A tensor of the layer with a certain type and shape. */
  StoredTensor tensor(String tensor, TensorType type, long... shape) {
    return tensor(tensor, Set.of(type), shape);
  }

  /** A tensor of the layer with one of some types and a certain shape. */
  StoredTensor tensor(String tensor, Set<TensorType> types, long... shape) {
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    return stored.required(name(tensor), types, List.of(expected));
  }

  /** Scales or zero points. */
  NumberGrid grid(String tensor, Set<TensorType> types, int rowsOfEach, int groups) {
    return NumberGrid.of(stored, name(tensor), types, rows, rowsOfEach, groups);
  }

  ModelFormatException problem(String tensor, String problem) {
    return stored.problem(name(tensor), problem);
  }

  /**
   * Whether the weights are quantized: what is stored decides, and the configuration must agree.
   *
   * @param storedQuantized whether quantized weights are stored
   * @param configured whether the configuration says that the layer is quantized
   */
  boolean isQuantized(boolean storedQuantized, boolean configured) {
    if (storedQuantized == configured || EITHER.stream().anyMatch(module::endsWith)) {
      return storedQuantized;
    }
    if (!has("weight") && configured) {
      return true; // so that the tensor that is missing is named
    }
    throw problem(
        storedQuantized ? "*" : "weight",
        storedQuantized
            ? "is quantized, and quantization_config excludes the layer; correct the list"
            : "is not quantized, and quantization_config does not exclude the layer; add it to the"
                + " list of modules that are not");
  }
}
