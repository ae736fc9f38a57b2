package io.nightshift.runtime.model;

import java.util.HashMap;
import java.util.Map;
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

  /** The encodings of files, which may be closed afterwards. */
  static TensorEncodings read(ModelFiles files) {
    Map<String, Quantization> quantized = new HashMap<>();
    TensorEncodings encodings = of(files);
    TensorShape.impliedBy(files.config())
        .map(TensorShape::name)
        .forEach(name -> encodings.of(name).ifPresent(encoding -> quantized.put(name, encoding)));
    return tensor -> Optional.ofNullable(quantized.get(tensor));
  }

  /** The encodings of files that stay open. */
  static TensorEncodings of(ModelFiles files) {
    return tensor ->
        files.tensor(tensor) instanceof QuantizedTensor quantized
            ? Optional.of(quantized.quantization())
            : Optional.empty();
  }
}
