package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredNumbers;
import io.nightshift.runtime.model.weights.StoredTensor;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.List;
import java.util.Optional;

/**
 * {@code gptq}: 4 or 8 bits in groups of columns, as AutoGPTQ and GPTQModel write them (Frantar et
 * al., "GPTQ", 2022).
 */
final class GptqScheme implements QuantizationScheme {
  private static final String FORMAT = "checkpoint_format";

  private final GptqParameters parameters;
  private final GptqOverrides overrides;
  private final Optional<ModuleList> included;
  private final ModuleList excluded;

  /** Zero points are stored minus 1, or as they are in the second version of the format. */
  private final int zeroPointsStoredLess;

  private final RowBlockCache cache = new RowBlockCache();

  GptqScheme(JsonFile json) {
    KnownKeys.require(
        json,
        "gptq",
        List.of(
            "quant_method",
            "act_group_aware",
            "autoround_version",
            "backend",
            "batch_size",
            "bits",
            "block_name_to_quantize",
            "cache_block_outputs",
            FORMAT,
            "damp_auto_increment",
            "damp_percent",
            "dataset",
            "desc_act",
            "disable_exllama",
            "dynamic",
            "exllama_config",
            "format",
            "group_size",
            "is_marlin_format",
            "lm_head",
            "max_input_length",
            "meta",
            "method",
            "model_file_base_name",
            "model_name_or_path",
            "model_seqlen",
            "module_name_preceding_first_block",
            "modules_in_block_to_quantize",
            "modules_to_not_convert",
            "mse",
            "offload_to_disk",
            "offload_to_disk_path",
            "pack_dtype",
            "pack_impl",
            "pad_token_id",
            "static_groups",
            "sym",
            "tokenizer",
            "true_sequential",
            "use_cuda_fp16",
            "use_exllama",
            "v2",
            "version"));
    if (json.bool("is_marlin_format").orElse(false)) {
      throw json.problem("is_marlin_format", "weights packed for Marlin are not supported");
    }
    json.string("pack_dtype")
        .filter(type -> !type.equals("int32"))
        .ifPresent(
            type -> {
              throw json.problem("pack_dtype", type + " is not supported, expected int32");
            });
    parameters = GptqParameters.read(json);
    overrides = new GptqOverrides(json, parameters);
    included = GptqModules.included(json);
    excluded = new ModuleList(json, "modules_to_not_convert", ModuleList::transformers);
    zeroPointsStoredLess = zeroPointsStoredLess(json);
  }

  private static int zeroPointsStoredLess(JsonFile json) {
    Optional<String> other = json.string("format");
    String format = json.string(FORMAT).or(() -> other).orElse("gptq");
    int less = zeroPointsStoredLess(json, format);
    if (other.isPresent() && !other.get().equals(format)) {
      throw json.problem(FORMAT, "is \"%s\", but format is \"%s\"".formatted(format, other.get()));
    }
    return less;
  }

  private static int zeroPointsStoredLess(JsonFile json, String format) {
    return switch (format) {
      case "gptq" -> 1;
      case "gptq_v2" -> 0;
      default ->
          throw json.problem(
              FORMAT, "\"%s\" is not supported, expected gptq or gptq_v2".formatted(format));
    };
  }

  @Override
  public String description() {
    return "%s-bit GPTQ, %s%s"
        .formatted(
            parameters.bits(),
            GroupSize.description(parameters.groupSize()),
            parameters.actOrder() ? ", act-order" : "");
  }

  @Override
  public Optional<Quantization> usualEncoding() {
    return Optional.of(
        new Quantization(
            parameters.bits() == 4 ? CodeType.UINT4 : CodeType.INT8,
            GroupSize.usualColumns(parameters.groupSize()),
            true));
  }

  @Override
  public void requireModules(ModelModules modules) {
    included.ifPresent(list -> list.requireModules(modules));
    excluded.requireModules(modules);
    overrides.requireModules(modules);
  }

  @Override
  public Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape) {
    return LinearLayer.of(stored, name, shape).flatMap(this::open);
  }

  private Optional<QuantizedRows> open(LinearLayer layer) {
    String module = layer.module();
    Optional<GptqParameters> own = overrides.of(module);
    boolean configured =
        own.isPresent()
            && !excluded.contains(module)
            && included.map(list -> list.contains(module)).orElse(true);
    return layer.isQuantized(layer.has("qweight"), configured)
        ? Optional.of(own.orElse(parameters).open(layer, zeroPointsStoredLess, cache))
        : Optional.empty();
  }

  /** AutoGPTQ wrote biases of zero for layers that have none. */
  @Override
  public boolean ignorable(StoredTensors stored, String name) {
    return ActivationScales.isOne(name) || (name.endsWith(".bias") && isZero(stored, name));
  }

  private static boolean isZero(StoredTensors stored, String name) {
    long count = stored.elements(name);
    StoredTensor bias = stored.required(name, NumberGrid.FLOATS, List.of(List.of(count)));
    float[] elements = new float[Math.toIntExact(count)];
    StoredNumbers.read(bias, 0, elements.length, elements);
    for (float element : elements) {
      if (element != 0) {
        return false;
      }
    }
    return true;
  }
}
