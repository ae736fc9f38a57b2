package io.nightshift.connectors.arrow.schema;

/** Keys of a field's metadata, for what Arrow's own types cannot express. */
public final class FieldMetadata {
  /** The logical type of the values in Parquet: UUID, ENUM, JSON or BSON. */
  public static final String LOGICAL_TYPE = "parquet.logical-type";

  /** Of a map whose keys may be null. */
  public static final String NULL_KEYS = "parquet.null-keys";

  /** The value of {@link #NULL_KEYS}. */
  public static final String PRESENT = "true";

  private FieldMetadata() {}
}
