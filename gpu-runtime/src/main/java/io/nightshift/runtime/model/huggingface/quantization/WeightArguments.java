package io.nightshift.runtime.model.huggingface.quantization;

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
  private static final String ORDER = "actorder";
  private static final String DYNAMIC = "dynamic";
  private static final int NO_SIZE = 0;
  private static final BlockSize ONE = new BlockSize(1, 1);

  private final JsonFile json;
  private final int bits;
  private final boolean floats;
  private final boolean symmetric;
  private final String strategy;
  private final int groupSize;
  private final boolean listedGroups;
  private final BlockSize block;

  WeightArguments(JsonFile json) {
    this.json = json;
    KnownKeys.require(
        json,
        "compressed-tensors",
        List.of(
            ORDER,
            BLOCK,
            DYNAMIC,
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
    listedGroups = hasListedGroups(json.string(ORDER).orElse("static"));
    if (json.bool(DYNAMIC).orElse(false)) {
      throw json.problem(DYNAMIC, "true is not supported: scales of weights are stored");
    }
    block = BlockSize.read(json, BLOCK).orElse(ONE);
    if (strategy.equals("block") && block.equals(ONE)) {
      throw json.problem(BLOCK, "is missing, expected [rows, columns]");
    }
    switch (strategy) {
      case "tensor", "channel", "block" -> {}
      case "group", "tensor_group" -> {
        if (groupSize <= 0) {
          throw json.problem(GROUP_SIZE, groupSize + ", expected a positive number");
        }
      }
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

  private boolean hasListedGroups(String order) {
    return switch (order.toLowerCase(Locale.ROOT)) {
      case "group", "dynamic" -> true;
      case "weight", "static" -> false;
      default ->
          throw json.problem(
              ORDER, "\"%s\" is not supported, expected group or weight".formatted(order));
    };
  }

  private String implied() {
    return groupSize == NO_SIZE ? "tensor" : groupSize == GroupSize.WHOLE_ROW ? "channel" : "group";
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

  private boolean hasGroups() {
    return strategy.equals("group") || strategy.equals("tensor_group");
  }

  /** Whether scales are multiplied by one of the whole matrix. */
  boolean hasGlobalScale() {
    return strategy.equals("tensor_group");
  }

  /** Whether each column has a number of its group, as the order of activations decided. */
  boolean hasListedGroups() {
    return listedGroups;
  }

  /**
   * Columns that share a scale in a matrix of so many.
   *
   * @throws ModelFormatException if they do not divide the columns
   */
  int columnsOfGroup(int columns) {
    return switch (strategy) {
      case "group", "tensor_group" -> {
        if (columns % groupSize != 0) {
          throw json.problem(
              GROUP_SIZE,
              "%s does not divide the %s columns of a layer".formatted(groupSize, columns));
        }
        yield groupSize;
      }
      case "block" -> Math.min(block.columns(), columns);
      default -> columns;
    };
  }

  /** Rows that share a scale in a matrix of so many. */
  int rowsOfGroup(int rows) {
    return switch (strategy) {
      case "tensor" -> rows;
      case "block" -> block.rows();
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
    int many = GroupSize.usualColumns(GroupSize.WHOLE_ROW);
    return new Quantization(
        codes,
        hasGroups() ? groupSize : columnsOfGroup(many),
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
          case "block" -> block.toString();
          default -> "groups of " + groupSize;
        };
    return "%s-bit %s, %s".formatted(bits, floats ? "floats" : "integers", scales);
  }
}
