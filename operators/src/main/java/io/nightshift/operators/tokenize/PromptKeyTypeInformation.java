package io.nightshift.operators.tokenize;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.AtomicType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeComparator;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Makes {@link PromptKey} a type that Flink can sort by. */
public final class PromptKeyTypeInformation extends TypeInformation<PromptKey>
    implements AtomicType<PromptKey> {
  private static final long serialVersionUID = 1L;

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
  public Class<PromptKey> getTypeClass() {
    return PromptKey.class;
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

  @Override
  public String toString() {
    return "PromptKey";
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof PromptKeyTypeInformation;
  }

  @Override
  public int hashCode() {
    return PromptKeyTypeInformation.class.hashCode();
  }

  @Override
  public boolean canEqual(Object object) {
    return object instanceof PromptKeyTypeInformation;
  }
}
