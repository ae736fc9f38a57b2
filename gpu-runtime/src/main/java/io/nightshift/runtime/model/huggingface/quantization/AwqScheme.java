package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorType;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.QuantizedRows;
import io.nightshift.runtime.model.weights.StoredTensor;
import io.nightshift.runtime.model.weights.StoredTensors;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code awq}: 4 bits in groups of columns with zero points, in the layout of AutoAWQ's GEMM
 * kernels (Lin et al., "AWQ", 2023).
 */
final class AwqScheme implements QuantizationScheme {
  private static final String BITS = "bits";
  private static final String VERSION = "version";
  private static final String ZERO_POINT = "zero_point";

  private final int groupSize;
  private final ModuleList excluded;
  private final RowBlockCache cache = new RowBlockCache();

  AwqScheme(JsonFile json) {
    KnownKeys.require(
        json,
        "awq",
        List.of(
            "quant_method",
            "backend",
            BITS,
            "checkpoint_format",
            "do_fuse",
            "exllama_config",
            "format",
            "fuse_max_seq_len",
            "group_size",
            "lm_head",
            "meta",
            "method",
            "modules_to_fuse",
            "modules_to_not_convert",
            "pack_dtype",
            "sym",
            VERSION,
            ZERO_POINT));
    requireValue(json, VERSION, "gemm");
    requireValue(json, "checkpoint_format", "gemm");
    requireValue(json, "format", "gemm");
    requireValue(json, "pack_dtype", "int32");
    int bits = json.requiredInteger(BITS);
    if (bits != 4) {
      throw json.problem(BITS, bits + " is not supported, expected 4");
    }
    if (!json.bool(ZERO_POINT).orElse(true)) {
      throw json.problem(ZERO_POINT, "false is not supported: the layout has zero points");
    }
    groupSize = GroupSize.read(json);
    excluded = new ModuleList(json, "modules_to_not_convert", ModuleList::transformers);
  }

  private static void requireValue(JsonFile json, String key, String expected) {
    json.string(key)
        .filter(value -> !value.toLowerCase(Locale.ROOT).equals(expected))
        .ifPresent(
            value -> {
              throw json.problem(
                  key, "\"%s\" is not supported, expected \"%s\"".formatted(value, expected));
            });
  }

  @Override
  public String description() {
    return "4-bit AWQ, " + GroupSize.description(groupSize);
  }

  @Override
  public Optional<Quantization> usualEncoding() {
    return Optional.of(new Quantization(CodeType.UINT4, GroupSize.usualColumns(groupSize), true));
  }

  @Override
  public void requireModules(ModelModules modules) {
    excluded.requireModules(modules);
  }

  @Override
  public Optional<QuantizedRows> open(StoredTensors stored, String name, List<Long> shape) {
    return LinearLayer.of(stored, name, shape)
        .filter(
            layer -> layer.isQuantized(layer.has("qweight"), !excluded.contains(layer.module())))
        .map(this::open);
  }

  private QuantizedRows open(LinearLayer layer) {
    int rows = layer.rows();
    int columns = layer.columns();
    if (rows % AwqMatrix.CODES_OF_WORD != 0) {
      throw layer.problem("qweight", rows + " rows are no whole 32-bit integers of 4-bit codes");
    }
    int words = rows / AwqMatrix.CODES_OF_WORD;
    int size = GroupSize.columns(groupSize, columns);
    if (columns % size != 0) {
      throw layer.problem("qweight", columns + " columns are no whole groups of " + size);
    }
    int groups = columns / size;
    StoredTensor codes = layer.tensor("qweight", TensorType.I32, columns, words);
    StoredTensor scales = layer.tensor("scales", NumberGrid.FLOATS, groups, rows);
    StoredTensor zeroPoints = layer.tensor("qzeros", TensorType.I32, groups, words);
    Quantization quantization = new Quantization(CodeType.UINT4, size, true);
    return new AwqMatrix(quantization, rows, columns, codes, scales, zeroPoints, cache);
  }

  @Override
  public boolean ignorable(StoredTensors stored, String name) {
    return ActivationScales.isOne(name);
  }
}
