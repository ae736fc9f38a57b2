package io.nightshift.runtime.model.huggingface.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code compressed-tensors}, as llm-compressor writes it: groups of layers, each with a format and
 * with arguments of its weights' quantization.
 *
 * @see <a href="https://github.com/vllm-project/compressed-tensors">compressed-tensors</a>
 */
final class CompressedTensorsScheme implements QuantizationScheme {
  private static final String GROUPS = "config_groups";
  private static final String STATUS = "quantization_status";

  /** Older versions of llm-compressor wrote the state before compression. */
  private static final List<String> COMPRESSED = List.of("compressed", "frozen");

  private static final List<String> MUST_BE_EMPTY =
      List.of("transform_config", "moe_sparsity_config");

  private final List<CompressedTensorsGroup> groups = new ArrayList<>();
  private final ModuleList ignored;

  CompressedTensorsScheme(JsonFile json) {
    KnownKeys.require(
        json,
        "compressed-tensors",
        List.of(
            "quant_method",
            GROUPS,
            "format",
            "global_compression_ratio",
            "ignore",
            "kv_cache_scheme",
            "moe_sparsity_config",
            STATUS,
            "run_compressed",
            "sparsity_config",
            "transform_config",
            "version"));
    requireCompressed(json);
    requireDense(json);
    for (String key : MUST_BE_EMPTY) {
      if (json.value(key).filter(value -> !value.isEmpty()).isPresent()) {
        throw json.problem(key, "is not supported: it says more than how weights are encoded");
      }
    }
    Optional<String> format = json.string("format");
    JsonFile all = json.child(GROUPS).orElseThrow(() -> json.problem(GROUPS, "is missing"));
    for (String name : all.keys()) {
      JsonFile group =
          all.child(name).orElseThrow(() -> all.problem(name, "is null, expected an object"));
      groups.add(new CompressedTensorsGroup(group, format));
    }
    ignored = new ModuleList(json, "ignore", ModuleList::compressedTensors);
  }

  private static void requireCompressed(JsonFile json) {
    String status = json.string(STATUS).orElse("compressed");
    if (!COMPRESSED.contains(status)) {
      throw json.problem(
          STATUS, "\"%s\" is not supported, expected one of %s".formatted(status, COMPRESSED));
    }
  }

  private static void requireDense(JsonFile json) {
    json.child("sparsity_config")
        .ifPresent(
            sparsity -> {
              JsonNode format = sparsity.value("format").orElse(null);
              if (format != null && !format.asText().equals("dense")) {
                throw sparsity.problem(
                    "format",
                    "%s is not supported, expected \"dense\"; sparse weights are not read"
                        .formatted(format));
              }
            });
  }

  @Override
  public String description() {
    return groups.stream()
            .flatMap(group -> group.description().stream())
            .distinct()
            .collect(Collectors.joining("; "))
        + " (compressed-tensors)";
  }

  @Override
  public Optional<Quantization> usualEncoding() {
    return groups.stream()
        .flatMap(group -> group.usualEncoding().stream())
        .max(Comparator.comparingInt(encoding -> encoding.codes().bits()));
  }

  @Override
  public void requireModules(ModelModules modules) {
    ignored.requireModules(modules);
    groups.forEach(group -> group.targets().requireModules(modules));
  }

  @Override
  public Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape) {
    return LinearLayer.of(stored, name, shape).flatMap(this::open);
  }

  private Optional<QuantizedRows> open(LinearLayer layer) {
    Optional<CompressedTensorsGroup> group =
        ignored.contains(layer.module()) ? Optional.empty() : group(layer.module());
    boolean isStored =
        layer.has("weight_packed") || (layer.has("weight") && layer.has("weight_scale"));
    if (!layer.isQuantized(isStored, group.isPresent())) {
      return Optional.empty();
    }
    return Optional.of(
        group
            .orElseThrow(
                () ->
                    layer.problem(
                        "weight_scale",
                        "exists, and no group of quantization_config has the layer"))
            .open(layer));
  }

  /** A name counts before a class. */
  private Optional<CompressedTensorsGroup> group(String module) {
    return groups.stream()
        .filter(group -> group.targets().names(module))
        .findFirst()
        .or(() -> groups.stream().filter(group -> group.targets().contains(module)).findFirst())
        .filter(CompressedTensorsGroup::quantizesWeights);
  }

  @Override
  public boolean ignorable(StoredTensors stored, String name) {
    return ActivationScales.isOne(name);
  }
}
