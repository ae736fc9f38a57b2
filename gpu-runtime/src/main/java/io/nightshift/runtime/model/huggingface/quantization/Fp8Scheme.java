package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code fp8}: weights e4m3 with a scale for each block of rows and columns, as DeepSeek-V3 and
 * Qwen3-FP8 have them, or with one for the whole matrix or for each row. The scales are called
 * {@code weight_scale_inv} or {@code weight_scale}; codes are multiplied by both.
 */
final class Fp8Scheme implements QuantizationScheme {
  private static final String BLOCK = "weight_block_size";
  private static final List<String> SCALES = List.of("weight_scale_inv", "weight_scale");
  private static final Set<TensorType> SCALE_TYPES =
      Set.of(TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.F8_E8M0);

  private final Optional<BlockSize> block;
  private final List<ModuleList> excluded;

  Fp8Scheme(JsonFile json) {
    KnownKeys.require(
        json,
        "fp8",
        List.of(
            "quant_method",
            "activation_scheme",
            "dequantize",
            "fmt",
            "ignored_layers",
            "kv_cache_scheme",
            "modules_to_not_convert",
            "scale_fmt",
            BLOCK));
    json.string("fmt")
        .filter(format -> !format.equals("e4m3"))
        .ifPresent(
            format -> {
              throw json.problem("fmt", "\"" + format + "\" is not supported, expected \"e4m3\"");
            });
    block = BlockSize.read(json, BLOCK);
    excluded =
        List.of(
            new ModuleList(json, "modules_to_not_convert", ModuleList::transformers),
            new ModuleList(json, "ignored_layers", ModuleList::transformers));
  }

  @Override
  public String description() {
    return block.map(size -> "FP8 in " + size).orElse("FP8");
  }

  @Override
  public Optional<Quantization> usualEncoding() {
    return Optional.of(
        new Quantization(
            CodeType.E4M3,
            block
                .map(BlockSize::columns)
                .orElseGet(() -> GroupSize.usualColumns(GroupSize.WHOLE_ROW)),
            false));
  }

  @Override
  public void requireModules(ModelModules modules) {
    excluded.forEach(list -> list.requireModules(modules));
  }

  @Override
  public Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape) {
    return LinearLayer.of(stored, name, shape).flatMap(this::open);
  }

  private Optional<QuantizedRows> open(LinearLayer layer) {
    boolean configured = excluded.stream().noneMatch(list -> list.contains(layer.module()));
    if (!layer.isQuantized(Float8Weights.isStored(layer), configured)) {
      return Optional.empty();
    }
    String scales = SCALES.stream().filter(layer::has).findFirst().orElse(SCALES.get(0));
    return Optional.of(
        block
            .map(size -> inBlocks(layer, scales, size))
            .orElseGet(() -> withoutBlocks(layer, scales)));
  }

  private static QuantizedRows inBlocks(LinearLayer layer, String scales, BlockSize block) {
    int columns = Math.min(block.columns(), layer.columns());
    int groups = (layer.columns() + columns - 1) / columns;
    return Float8Weights.open(
        layer, columns, layer.grid(scales, SCALE_TYPES, block.rows(), groups));
  }

  /** A scale for each row if there are as many, and else one for all. */
  private static QuantizedRows withoutBlocks(LinearLayer layer, String scales) {
    long count = layer.stored().elements(layer.name(scales));
    int rowsOfEach = count == layer.rows() && count > 1 ? 1 : layer.rows();
    return Float8Weights.open(
        layer, layer.columns(), layer.grid(scales, SCALE_TYPES, rowsOfEach, 1));
  }

  @Override
  public boolean ignorable(StoredTensors stored, String name) {
    return ActivationScales.isOne(name);
  }
}
