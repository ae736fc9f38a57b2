package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TensorType;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The tensors in the files of a model, and which of them have been used. Not thread-safe. */
public final class StoredTensors {
  private final Path path;
  private final Map<String, StoredTensor> tensors;
  private final MatrixFormat format;
  private final Set<String> used = new HashSet<>();

  /**
   * @param path path of the model, for error messages
   * @param tensors the tensors by their names in the files
   */
  public StoredTensors(Path path, Map<String, StoredTensor> tensors) {
    this(path, tensors, MatrixFormat.PLAIN);
  }

  /**
   * @param path path of the model, for error messages
   * @param tensors the tensors by their names in the files
   * @param format how matrices are stored
   */
  public StoredTensors(Path path, Map<String, StoredTensor> tensors, MatrixFormat format) {
    this.path = path;
    this.tensors = tensors;
    this.format = format;
  }

  /**
   * Opens some rows of a stored matrix, or of a stack of matrices.
   *
   * @param shape expected shape of all of it, outermost dimension first
   * @param part Hugging Face's name of the tensor, and its shape
   * @param order which stored row each row is
   * @throws ModelFormatException if it is missing, has another shape or holds no numbers
   */
  Tensor matrix(String name, List<Long> shape, TensorShape part, RowOrder order) {
    return format
        .open(this, name, shape)
        .<Tensor>map(rows -> new QuantizedRowsTensor(rows, part, order))
        .orElseGet(() -> MappedTensor.of(numbers(name, shape), part, order));
  }

  /** Whether there is a tensor of that name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** Number of elements of a tensor; 0 if there is none of that name. */
  public long elements(String name) {
    StoredTensor tensor = tensors.get(name);
    return tensor == null ? 0 : tensor.shape().stream().reduce(1L, (a, b) -> a * b);
  }

  /** Whether there is a tensor of that name with one dimension. */
  boolean isVector(String name) {
    StoredTensor tensor = tensors.get(name);
    return tensor != null && tensor.shape().size() == 1;
  }

  /** The element type of a tensor; empty if there is none of that name. */
  public Optional<TensorType> type(String name) {
    return Optional.ofNullable(tensors.get(name)).map(StoredTensor::type);
  }

  /**
   * A tensor of one of several types and shapes.
   *
   * @throws ModelFormatException if it is missing or is another
   */
  public StoredTensor required(String name, Set<TensorType> types, List<List<Long>> shapes) {
    StoredTensor tensor = get(name);
    if (!types.contains(tensor.type())) {
      throw problem(
          name,
          "is of type %s, expected %s"
              .formatted(
                  tensor.type(),
                  types.stream().sorted().map(Enum::name).collect(Collectors.joining(" or "))));
    }
    if (!shapes.contains(tensor.shape())) {
      throw problem(
          name,
          "has shape %s, expected %s; the quantization and the weights do not belong together"
              .formatted(tensor.shape(), shapes.get(0)));
    }
    return tensor;
  }

  /**
   * A tensor of floating-point numbers or of their blocks.
   *
   * @throws ModelFormatException if it is missing or holds something else
   */
  StoredTensor numbers(String name) {
    StoredTensor tensor = get(name);
    if (!isNumbers(tensor.type())) {
      throw problem(
          name, "is of type %s, expected floating-point numbers".formatted(tensor.type()));
    }
    return tensor;
  }

  /**
   * A tensor of floating-point numbers or of their blocks with a certain shape, outermost dimension
   * first.
   *
   * @throws ModelFormatException if it is missing, holds something else or has another shape
   */
  StoredTensor numbers(String name, List<Long> shape) {
    return requireShape(numbers(name), shape);
  }

  /**
   * A tensor of plain bytes with a certain shape, outermost dimension first.
   *
   * @throws ModelFormatException if it is missing, holds something else or has another shape
   */
  StoredTensor bytes(String name, List<Long> shape) {
    StoredTensor tensor = get(name);
    if (tensor.type() != TensorType.U8) {
      throw problem(name, "is of type %s, expected U8".formatted(tensor.type()));
    }
    return requireShape(tensor, shape);
  }

  private static boolean isNumbers(TensorType type) {
    return switch (type) {
      case U8, I8, I32, I64, F8_E4M3, F8_E8M0 -> false;
      default -> true;
    };
  }

  /** Names of the tensors that nobody has asked for, in alphabetical order. */
  List<String> unused(Predicate<String> ignorable) {
    TreeSet<String> names = new TreeSet<>(tensors.keySet());
    names.removeAll(used);
    names.removeIf(ignorable);
    names.removeIf(name -> format.ignorable(this, name));
    return List.copyOf(names);
  }

  /** An exception about the tensor of that name. */
  public ModelFormatException problem(String name, String problem) {
    StoredTensor tensor = tensors.get(name);
    Path file = tensor == null ? path : tensor.file().path();
    return new ModelFormatException(file, "tensor \"" + name + '"', problem);
  }

  private StoredTensor get(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw problem(name, "is missing; the model's configuration implies it");
    }
    used.add(name);
    return tensor;
  }

  StoredTensor requireShape(StoredTensor tensor, List<Long> shape) {
    if (!tensor.shape().equals(shape)) {
      throw problem(
          tensor.name(),
          "has shape %s, the model's configuration implies %s".formatted(tensor.shape(), shape));
    }
    return tensor;
  }
}
