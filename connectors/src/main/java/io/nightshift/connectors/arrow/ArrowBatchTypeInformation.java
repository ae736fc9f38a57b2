package io.nightshift.connectors.arrow;

import io.nightshift.connectors.types.OpaqueTypeInformation;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * {@link ArrowBatch} as a Flink type. The schema is not part of the type: every batch carries its
 * own. Flink finds this class by itself wherever it extracts the type of a batch.
 */
public final class ArrowBatchTypeInformation extends OpaqueTypeInformation<ArrowBatch> {
  public static final ArrowBatchTypeInformation INSTANCE = new ArrowBatchTypeInformation();

  private static final long serialVersionUID = 1;

  private ArrowBatchTypeInformation() {
    super(ArrowBatch.class);
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<ArrowBatch> createSerializer(SerializerConfig config) {
    return new ArrowBatchSerializer();
  }

  /** The factory that {@code @TypeInfo} on {@link ArrowBatch} names. */
  public static final class Factory extends TypeInfoFactory<ArrowBatch> {
    @Override
    public TypeInformation<ArrowBatch> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> genericParameters) {
      return INSTANCE;
    }
  }
}
