package io.nightshift.runtime.constraint;

import java.io.Serializable;

/** A constraint as users write it. */
public sealed interface ConstraintSpecification extends Serializable {

  /** Whether enumerated fields are scored, for their probabilities. */
  default boolean enumeratedFields() {
    return false;
  }

  /** The whole answer matches a regular expression. */
  record Regex(String pattern) implements ConstraintSpecification {}

  /**
   * The answer is JSON that is valid under a schema.
   *
   * @param schema the text of the schema
   * @param spaces whether one space may follow each colon and comma
   * @param enumeratedFields whether the engine scores the values of enumerated fields, for their
   *     probabilities. Tokens then end where the values differ
   */
  record JsonSchema(String schema, boolean spaces, boolean enumeratedFields)
      implements ConstraintSpecification {

    /** A schema whose enumerated fields are sampled like the rest of the answer. */
    public JsonSchema(String schema, boolean spaces) {
      this(schema, spaces, false);
    }
  }
}
