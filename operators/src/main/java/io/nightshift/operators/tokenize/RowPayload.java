package io.nightshift.operators.tokenize;

import io.nightshift.operators.render.RowErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a row carries through the sort besides its key. A Flink POJO: public fields and a default
 * constructor are what makes it one.
 */
public final class RowPayload {
  /**
   * The kept input columns, encoded by {@link io.nightshift.connectors.arrow.row.ArrowRowCodec}.
   */
  public byte[] columns = {};

  /** Why the row has no prompt, a {@link RowErrorCode}; null where it has one. */
  public @Nullable String errorCode;

  public @Nullable String errorMessage;

  void fail(RowErrorCode code, @Nullable String message) {
    errorCode = code.columnValue();
    errorMessage = message;
  }
}
