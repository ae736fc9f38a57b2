package io.nightshift.connectors.arrow.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * Finds the common type of a column in several files: at any depth the wider of two integers,
 * floats, or decimals of one scale; the null type merges with any other type. Values are never
 * rounded, and numbers and texts do not merge.
 */
public final class FieldMerge {
  private static final int LONG_BITS = 64;

  private FieldMerge() {}

  /**
   * Returns the field that can hold the values of both, nullable if one of them is; null if there
   * is none. A logical type that only one of them has is dropped.
   */
  public static @Nullable Field merge(Field one, Field other) {
    if (one.equals(other)) {
      return one;
    }
    if (!one.getName().equals(other.getName())) {
      return null;
    }
    if (isNull(one) || isNull(other)) {
      return nullable(isNull(one) ? other : one);
    }
    ArrowType type = wider(one.getType(), other.getType());
    if (type == null || one.getChildren().size() != other.getChildren().size()) {
      return null;
    }
    List<Field> children = new ArrayList<>();
    for (int i = 0; i < one.getChildren().size(); i++) {
      Field child = merge(one.getChildren().get(i), other.getChildren().get(i));
      if (child == null) {
        return null;
      }
      children.add(child);
    }
    boolean nullable = one.isNullable() || other.isNullable();
    FieldType fieldType =
        new FieldType(nullable, type, null, common(one.getMetadata(), other.getMetadata()));
    return new Field(one.getName(), fieldType, children);
  }

  /** The same field, made nullable. */
  public static Field nullable(Field field) {
    FieldType type = new FieldType(true, field.getType(), null, field.getMetadata());
    return new Field(field.getName(), type, field.getChildren());
  }

  private static boolean isNull(Field field) {
    return field.getType() instanceof ArrowType.Null;
  }

  private static @Nullable ArrowType wider(ArrowType one, ArrowType other) {
    if (one.equals(other)) {
      return one;
    }
    if (one instanceof ArrowType.Int first && other instanceof ArrowType.Int second) {
      return wider(first, second);
    }
    if (one instanceof ArrowType.FloatingPoint first
        && other instanceof ArrowType.FloatingPoint second) {
      FloatingPointPrecision precision = first.getPrecision();
      return precision.compareTo(second.getPrecision()) > 0 ? first : second;
    }
    if (one instanceof ArrowType.Decimal first && other instanceof ArrowType.Decimal second) {
      boolean sameScale = first.getScale() == second.getScale();
      return !sameScale ? null : first.getPrecision() > second.getPrecision() ? first : second;
    }
    return null;
  }

  private static @Nullable ArrowType wider(ArrowType.Int one, ArrowType.Int other) {
    boolean signed = one.getIsSigned() || other.getIsSigned();
    int bits = Math.max(bits(one, signed), bits(other, signed));
    return bits > LONG_BITS ? null : new ArrowType.Int(bits, signed);
  }

  /** Bits that the values need: twice as many for an unsigned integer in a signed type. */
  private static int bits(ArrowType.Int type, boolean signed) {
    return signed && !type.getIsSigned() ? 2 * type.getBitWidth() : type.getBitWidth();
  }

  private static Map<String, String> common(Map<String, String> one, Map<String, String> other) {
    Map<String, String> metadata = new HashMap<>(one);
    metadata.entrySet().retainAll(other.entrySet());
    if (one.containsKey(FieldMetadata.NULL_KEYS) || other.containsKey(FieldMetadata.NULL_KEYS)) {
      metadata.put(FieldMetadata.NULL_KEYS, FieldMetadata.PRESENT);
    }
    return metadata;
  }
}
