package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The tensors of a model by Hugging Face's names: exactly those that its configuration implies,
 * with the right shapes.
 */
public final class TensorTable {
  private final Path path;
  private final Map<String, Tensor> tensors = new HashMap<>();

  /** Names and row order of a file format, relative to Hugging Face's. */
  public interface Layout {

    /** The format's name for a tensor. */
    String storedName(String huggingFaceName);

    /** Order of the rows of a matrix, or the elements of a vector, in the file. */
    RowOrder rowOrder(String huggingFaceName);

    /** Whether the model computes the same without this tensor. */
    boolean ignorable(String storedName);
  }

  /**
   * @param path path of the model, for error messages
   * @throws ModelFormatException if a tensor is missing, has another shape than the configuration
   *     implies, or is not part of the model: ignoring it would change what the model computes
   */
  public TensorTable(
      Path path, ModelConfig config, Map<String, StoredTensor> stored, Layout layout) {
    this.path = path;
    TreeSet<String> unused = new TreeSet<>(stored.keySet());
    TensorShape.impliedBy(config)
        .forEach(
            shape -> {
              String storedName = layout.storedName(shape.name());
              StoredTensor found = stored.get(storedName);
              if (found == null) {
                throw problem(storedName, "is missing; the model's configuration implies it");
              }
              tensors.put(shape.name(), open(found, shape, layout.rowOrder(shape.name())));
              unused.remove(storedName);
            });
    unused.removeIf(layout::ignorable);
    if (!unused.isEmpty()) {
      throw problem(
          unused.first(),
          "has no place in a model of family %s with this configuration"
              .formatted(config.family()));
    }
  }

  /**
   * The tensor with Hugging Face's name {@code name}.
   *
   * @throws ModelFormatException if the model has no such tensor
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw problem(name, "is not part of this model");
    }
    return tensor;
  }

  private Tensor open(StoredTensor stored, TensorShape shape, RowOrder rowOrder) {
    boolean vector = shape.rows() == 1 && stored.shape().size() == 1;
    List<Long> expected =
        vector
            ? List.of((long) shape.columns())
            : List.of((long) shape.rows(), (long) shape.columns());
    if (!stored.shape().equals(expected)) {
      throw problem(
          stored.name(),
          "has shape %s, the model's configuration implies %s".formatted(stored.shape(), expected));
    }
    RowOrder orderOfRows = vector ? RowOrder.AS_STORED : rowOrder;
    Tensor tensor = new MappedTensor(stored, shape, orderOfRows);
    return orderOfRows == rowOrder ? tensor : new ReorderedVector(tensor, rowOrder);
  }

  private ModelFormatException problem(String tensor, String problem) {
    return new ModelFormatException(path, "tensor \"" + tensor + '"', problem);
  }
}
