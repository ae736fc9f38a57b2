package io.nightshift.operators.tokenize;

import org.jspecify.annotations.Nullable;

/**
 * What a row carries through the sort besides its key. A Flink POJO: public fields and a default constructor are what makes it one.
 */
public final class RowPayload {
  /** The kept input columns, encoded by {@link io.nightshift.connectors.arrow.row.ArrowRowCodec}. */
  public byte[] columns = {};

  /** Why the row has no prompt, a {@link io.nightshift.operators.render.RowErrorCode}; null where it has one. */
  public @Nullable String errorCode;

  public @Nullable String errorMessage;
}
