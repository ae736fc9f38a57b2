package io.nightshift.runtime.model.random;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TokenizerSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A model of random weights: matrices normal with standard deviation 0.02, biases and sinks 0,
 * norms 1. A row is generated whenever it is read, with the same numbers, so that no memory holds
 * the weights twice.
 */
public final class RandomModelFiles implements ModelFiles {
  /** Standard deviation of the elements of matrices. */
  public static final float STANDARD_DEVIATION = 0.02f;

  private final String name;
  private final ModelConfig config;
  private final Map<String, TensorShape> shapes;
  private final TensorEncodings encodings;
  private final NormalNumbers numbers = new NormalNumbers(STANDARD_DEVIATION);

  /**
   * @param name name of the model in messages
   */
  public RandomModelFiles(String name, ModelConfig config) {
    this(name, config, TensorEncodings.UNQUANTIZED);
  }

  /**
   * @param name name of the model in messages
   * @param encodings those of matrices that have random codes instead, with the same standard
   *     deviation
   */
  public RandomModelFiles(String name, ModelConfig config, TensorEncodings encodings) {
    this.name = name;
    this.config = config;
    this.encodings = encodings;
    shapes =
        TensorShape.impliedBy(config)
            .collect(Collectors.toMap(TensorShape::name, Function.identity()));
  }

  /** No file: the model's name. */
  @Override
  public Path path() {
    return Path.of(name);
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public Tensor tensor(String tensorName) {
    TensorShape shape = shapes.get(tensorName);
    if (shape == null) {
      throw new ModelFormatException(name + ": a model of this shape has no tensor " + tensorName);
    }
    return encodings
        .of(tensorName)
        .<Tensor>map(encoding -> new RandomQuantizedTensor(shape, encoding, STANDARD_DEVIATION))
        .orElseGet(() -> new RandomTensor(shape, numbers));
  }

  /**
   * @throws ModelFormatException always
   */
  @Override
  public TokenizerSource tokenizerSource() {
    throw new ModelFormatException(name + ": random weights have no tokenizer");
  }

  @Override
  public Optional<ChatTemplate> chatTemplate() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
