package io.nightshift.operators.tokenize;

import io.nightshift.connectors.types.OpaqueTypeInformation;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.AtomicType;
import org.apache.flink.api.common.typeutils.TypeComparator;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Makes {@link PromptKey} a type that Flink can sort by. */
public final class PromptKeyTypeInformation extends OpaqueTypeInformation<PromptKey>
    implements AtomicType<PromptKey> {
  private static final long serialVersionUID = 1L;

  public PromptKeyTypeInformation() {
    super(PromptKey.class);
  }

  @Override
  public boolean isKeyType() {
    return true;
  }

  @Override
  public TypeSerializer<PromptKey> createSerializer(SerializerConfig config) {
    return PromptKeySerializer.INSTANCE;
  }

  @Override
  public TypeComparator<PromptKey> createComparator(boolean ascending, ExecutionConfig config) {
    return new PromptKeyComparator(ascending);
  }
}
