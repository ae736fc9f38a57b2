package io.nightshift.operators.jinja.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Python's names of the types of values. */
public final class TypeNames {
  private TypeNames() {}

  /** Python's name of a value's type. */
  public static String of(Object value) {
    if (value instanceof String || value instanceof TrackedText) {
      return "str";
    }
    if (value instanceof PythonObject object) {
      return object.typeName();
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof Long || value instanceof BigInteger) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    if (value instanceof BigDecimal) {
      return "Decimal";
    }
    if (value == None.NONE) {
      return "NoneType";
    }
    return value instanceof List ? "list" : value.getClass().getSimpleName();
  }

  /** The type as messages about missing attributes describe it. */
  static String description(Object value) {
    if (value == None.NONE) {
      return "None";
    }
    if (value instanceof PythonObject object) {
      return object.typeDescription();
    }
    return value instanceof BigDecimal ? "decimal.Decimal object" : of(value) + " object";
  }
}
