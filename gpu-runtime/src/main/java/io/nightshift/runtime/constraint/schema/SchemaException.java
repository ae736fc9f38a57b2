package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.ConstraintException;

/** A schema that is invalid, or that asks for something that cannot be enforced. */
public final class SchemaException extends ConstraintException {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  /**
   * @param pointer JSON pointer of the place in the schema, as a URI fragment without {@code #};
   *     empty for the whole schema
   */
  public SchemaException(String pointer, String message) {
    super("#%s: %s".formatted(pointer, message));
    this.pointer = pointer;
  }

  /** JSON pointer of the place in the schema; empty for the whole schema. */
  public String pointer() {
    return pointer;
  }
}
