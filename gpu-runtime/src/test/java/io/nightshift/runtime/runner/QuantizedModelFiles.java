package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorEncodings;

/** Model files whose matrices are quantized when they are opened. */
public final class QuantizedModelFiles extends ForwardingModelFiles {
  private final TensorEncodings encodings;

  public QuantizedModelFiles(ModelFiles files, TensorEncodings encodings) {
    super(files);
    this.encodings = encodings;
  }

  @Override
  protected Tensor embedding(Tensor original) {
    return original;
  }

  @Override
  public Tensor tensor(String name) {
    Tensor original = super.tensor(name);
    return encodings
        .of(name)
        .<Tensor>map(encoding -> new RoundedTensor(original, encoding))
        .orElse(original);
  }
}
