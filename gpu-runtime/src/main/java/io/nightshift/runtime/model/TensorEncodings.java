package io.nightshift.runtime.model;

import java.util.Optional;

/**
 * How the tensors of a model are stored, known without reading them. From a {@link ModelConfig} and
 * this follows what the weights take.
 */
@FunctionalInterface
public interface TensorEncodings {
  /** No tensor is quantized. */
  TensorEncodings UNQUANTIZED = tensor -> Optional.empty();

  /**
   * The encoding of a quantized tensor; empty for one that is not quantized.
   *
   * @param tensor Hugging Face's name of a tensor that the model's configuration implies
   */
  Optional<Quantization> of(String tensor);

  /** The encodings of open files. */
  static TensorEncodings of(ModelFiles files) {
    return tensor ->
        files.tensor(tensor) instanceof QuantizedTensor quantized
            ? Optional.of(quantized.quantization())
            : Optional.empty();
  }
}
