package io.nightshift.runtime.model.huggingface.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.List;
import java.util.Locale;

/** {@code weights} of a group in compressed-tensors: how the codes, scales and groups are. */
final class WeightArguments {
  private static final String STRATEGY = "strategy";
  private static final String GROUP_SIZE = "group_size";
  private static final String BLOCK = "block_structure";
  private static final int NO_SIZE = 0;

  private final JsonFile json;
  private final int bits;
  private final boolean floats;
  private final boolean symmetric;
  private final String strategy;
  private final int groupSize;
  private final int blockRows;
  private final int blockColumns;

  WeightArguments(JsonFile json) {
    this.json = json;
    KnownKeys.require(
        json,
        "compressed-tensors",
        List.of(
            "actorder",
            BLOCK,
            "dynamic",
            GROUP_SIZE,
            "num_bits",
            "observer",
            "observer_kwargs",
            "scale_dtype",
            STRATEGY,
            "symmetric",
            "type",
            "zp_dtype"));
    bits = json.integer("num_bits").orElse(8);
    floats = isFloat(json.string("type").orElse("int"));
    symmetric = json.bool("symmetric").orElse(true);
    groupSize = json.integer(GROUP_SIZE).orElse(NO_SIZE);
    strategy =
        json.string(STRATEGY).map(name -> name.toLowerCase(Locale.ROOT)).orElseGet(this::implied);
    JsonNode block = json.value(BLOCK).orElse(null);
    boolean inBlocks = strategy.equals("block");
    if (inBlocks && (block == null || !block.isArray() || block.size() != 2)) {
      throw json.problem(BLOCK, "is " + block + ", expected [rows, columns]");
    }
    blockRows = inBlocks ? positive(BLOCK, json.toInt(BLOCK, block.get(0))) : 0;
    blockColumns = inBlocks ? positive(BLOCK, json.toInt(BLOCK, block.get(1))) : 0;
    switch (strategy) {
      case "tensor", "channel", "block" -> {}
      case "group", "tensor_group" -> positive(GROUP_SIZE, groupSize);
      default ->
          throw json.problem(
              STRATEGY,
              "\"%s\" is not supported, expected tensor, channel, group, tensor_group or block"
                  .formatted(strategy));
    }
  }

  private boolean isFloat(String type) {
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "int" -> false;
      case "float" -> true;
      default ->
          throw json.problem(
              "type", "\"%s\" is not supported, expected int or float".formatted(type));
    };
  }

  private String implied() {
    return groupSize == NO_SIZE ? "tensor" : groupSize == GroupSize.WHOLE_ROW ? "channel" : "group";
  }

  private int positive(String key, int value) {
    if (value <= 0) {
      throw json.problem(key, value + ", expected a positive number");
    }
    return value;
  }

  int bits() {
    return bits;
  }

  boolean isFloat() {
    return floats;
  }

  boolean isSymmetric() {
    return symmetric;
  }

  /** Whether scales are multiplied by one of the whole matrix. */
  boolean hasGlobalScale() {
    return strategy.equals("tensor_group");
  }

  /** Columns that share a scale in a matrix of so many. */
  int columnsOfGroup(int columns) {
    return switch (strategy) {
      case "group", "tensor_group" -> groupSize;
      case "block" -> Math.min(blockColumns, columns);
      default -> columns;
    };
  }

  /** Rows that share a scale in a matrix of so many. */
  int rowsOfGroup(int rows) {
    return switch (strategy) {
      case "tensor" -> rows;
      case "block" -> blockRows;
      default -> 1;
    };
  }

  /** See {@link QuantizationScheme#usualEncoding}. */
  Quantization usualEncoding() {
    boolean fourBits = bits == 4;
    CodeType codes =
        floats
            ? (fourBits ? CodeType.E2M1 : CodeType.E4M3)
            : (fourBits ? CodeType.UINT4 : CodeType.INT8);
    return new Quantization(
        codes,
        columnsOfGroup(GroupSize.usualColumns(GroupSize.WHOLE_ROW)),
        codes == CodeType.UINT4 || !symmetric);
  }

  ModelFormatException problem(String key, String problem) {
    return json.problem(key, problem);
  }

  String description() {
    String scales =
        switch (strategy) {
          case "tensor" -> "a scale for each matrix";
          case "channel" -> "a scale for each row";
          case "block" -> "blocks of %s x %s".formatted(blockRows, blockColumns);
          default -> "groups of " + groupSize;
        };
    return "%s-bit %s, %s".formatted(bits, floats ? "floats" : "integers", scales);
  }
}
