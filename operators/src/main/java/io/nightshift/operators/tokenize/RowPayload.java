package io.nightshift.operators.tokenize;

import org.jspecify.annotations.Nullable;

/**
 * The payload of a row during the sort, besides its key. A Flink POJO, which requires public fields
 * and a default constructor.
 */
public final class RowPayload {
  /**
   * The kept input columns, encoded by {@link io.nightshift.connectors.arrow.row.ArrowRowCodec}.
   */
  public byte[] columns = {};

  /** Why the row has no prompt; null if it has one. */
  public @Nullable String errorCode;

  public @Nullable String errorMessage;

  void fail(String code, @Nullable String message) {
    errorCode = code;
    errorMessage = message;
  }
}
