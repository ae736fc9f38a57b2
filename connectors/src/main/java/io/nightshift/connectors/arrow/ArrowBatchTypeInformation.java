package io.nightshift.connectors.arrow;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/**
 * {@link ArrowBatch} as a Flink type. The schema is not part of the type: every batch brings its
 * own. Flink finds this class by itself wherever it extracts the type of a batch.
 */
public final class ArrowBatchTypeInformation extends TypeInformation<ArrowBatch> {
  public static final ArrowBatchTypeInformation INSTANCE = new ArrowBatchTypeInformation();

  private static final long serialVersionUID = 1;

  private ArrowBatchTypeInformation() {}

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<ArrowBatch> getTypeClass() {
    return ArrowBatch.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<ArrowBatch> createSerializer(SerializerConfig config) {
    return new ArrowBatchSerializer();
  }

  @Override
  public String toString() {
    return "ArrowBatch";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArrowBatchTypeInformation;
  }

  @Override
  public int hashCode() {
    return ArrowBatch.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof ArrowBatchTypeInformation;
  }

  /** What {@code @TypeInfo} on {@link ArrowBatch} names. */
  public static final class Factory extends TypeInfoFactory<ArrowBatch> {
    @Override
    public TypeInformation<ArrowBatch> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> genericParameters) {
      return INSTANCE;
    }
  }
}
