package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorEncodings;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the tensors of a shard are encoded, as {@link ShardedModelFiles} hands them out: as in the
 * whole model, unless the ranks' columns divide groups.
 *
 * @param whole encodings of the whole model's tensors
 */
public record ShardedEncodings(ModelShard shard, TensorEncodings whole) implements TensorEncodings {
  /** Those that are divided by columns: layer, and name of the linear layer. */
  private static final Pattern ROW_PARALLEL =
      Pattern.compile("model\\.layers\\.(\\d+)\\..*\\.(o_proj|down_proj)\\.weight");

  @Override
  public Optional<Quantization> of(String tensor) {
    Matcher parts = ROW_PARALLEL.matcher(tensor);
    if (!parts.matches()) {
      return whole.of(tensor);
    }
    int layer = Integer.parseInt(parts.group(1));
    ModelConfig model = shard.model();
    boolean attention = parts.group(2).equals("o_proj");
    Slice columns =
        attention ? shard.heads().times(model.attention().headSize()) : shard.intermediate(layer);
    int all =
        attention
            ? model.attention().queryWidth()
            : model.layers().get(layer).feedForward().intermediateSize();
    return whole
        .of(tensor)
        .flatMap(encoding -> QuantizedColumnSlice.encoding(encoding, columns, all));
  }
}
