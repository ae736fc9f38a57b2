package io.nightshift.job.sql.types;

import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalType;

/** Types whose values have no form in JSON. */
final class UnsupportedTypes {
  private UnsupportedTypes() {}

  /** Says that a column has such a type, and what to write instead. */
  static ValidationException refusal(String path, LogicalType type) {
    return new ValidationException(
        "the output column %s has the type %s, which JSON has no form for: %s"
            .formatted(path, type.asSummaryString(), remedy(type)));
  }

  private static String remedy(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BINARY, VARBINARY ->
          "declare it as STRING and convert it in the query, for instance by DECODE or FROM_BASE64";
      case INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME ->
          "declare it as BIGINT and ask for a number of one unit, or as STRING";
      case TIMESTAMP_WITH_TIME_ZONE -> "declare it as TIMESTAMP_LTZ";
      case MULTISET -> "declare it as ARRAY";
      case MAP -> "declare its keys as STRING, or the column as ARRAY<ROW<...>>";
      case STRUCTURED_TYPE, DISTINCT_TYPE -> "declare it as ROW<...>";
      default -> "declare it as STRING, or as ROW<...> of its parts";
    };
  }
}
