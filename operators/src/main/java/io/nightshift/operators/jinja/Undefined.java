package io.nightshift.operators.jinja;

/**
 * A value that is not there. A lenient one prints as nothing, is false and has no elements; all else
 * is an error. A strict one is an error wherever it is used, except in the test {@code defined} and
 * the filter {@code default}.
 */
final class Undefined {
  private static final Object HASH = new Object();

  private final String hint;
  private final Object object;
  private final Object name;
  private final boolean strict;

  private Undefined(String hint, Object object, Object name, boolean strict) {
    this.hint = hint;
    this.object = object;
    this.name = name;
    this.strict = strict;
  }

  /** For a variable without a value. */
  static Undefined name(String name, boolean strict) {
    return new Undefined("", Frame.MISSING, name, strict);
  }

  /** For a reason that {@code hint} gives in full. */
  static Undefined hint(String hint, boolean strict) {
    return new Undefined(hint, Frame.MISSING, "", strict);
  }

  /** For an item or attribute that {@code object} does not have. */
  static Undefined part(Object object, Object key, boolean strict) {
    return new Undefined("", object, key, strict);
  }

  /** The error of using the value. */
  EvaluationException error() {
    if (!hint.isEmpty()) {
      return EvaluationException.undefined(hint);
    }
    if (object == Frame.MISSING) {
      return EvaluationException.undefined("'" + name + "' is undefined");
    }
    String type = Values.typeDescription(object);
    if (name instanceof String attribute) {
      return EvaluationException.undefined(
          "'" + type + "' has no attribute " + Representation.quote(attribute));
    }
    return EvaluationException.undefined(
        type + " has no element " + Representation.shortRepr(name));
  }

  /** Throws if the value is strict. */
  void touch() {
    if (strict) {
      throw error();
    }
  }

  /** What stands for all undefined values among the keys of a dict. */
  Object hashable() {
    touch();
    return HASH;
  }
}
