package io.nightshift.runtime.model.weights;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a model by Hugging Face's names: exactly those that its configuration implies,
 * with the right shapes.
 */
public final class TensorTable {
  private final Path path;
  private final Map<String, Tensor> tensors = new HashMap<>();

  /** Where the tensors of a model are in the files of a format. */
  public interface Layout {

    /** Where a tensor is, by Hugging Face's name, and how it is made of what is stored. */
    TensorSource source(TensorShape shape);

    /** Whether the model computes the same without this stored tensor. */
    boolean ignorable(String storedName);
  }

  /**
   * @param path path of the model, for error messages
   * @param describedBy what the configuration comes from, for error messages
   * @param format how matrices are stored
   * @throws ModelFormatException if a tensor is missing, has another shape than the configuration
   *     implies, or is not part of the model: ignoring it would change what the model computes
   */
  public TensorTable(
      Path path,
      String describedBy,
      ModelConfig config,
      Map<String, StoredTensor> tensorsByName,
      MatrixFormat format,
      Layout layout) {
    this.path = path;
    StoredTensors stored = new StoredTensors(path, tensorsByName, format);
    TensorShape.impliedBy(config)
        .forEach(shape -> tensors.put(shape.name(), layout.source(shape).open(stored, shape)));
    List<String> unused = stored.unused(layout::ignorable);
    if (!unused.isEmpty()) {
      throw stored.problem(
          unused.get(0), "has no place in the model that %s describes".formatted(describedBy));
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

  private ModelFormatException problem(String tensor, String problem) {
    return new ModelFormatException(path, "tensor \"" + tensor + '"', problem);
  }
}
