package io.nightshift.operators.infer;

import io.nightshift.runtime.constraint.ConstraintSpecification;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What generated answers conform to.
 *
 * @param specification the constraint, which each task compiles for its tokenizer
 * @param columnJson schema of the column of typed answers, as JSON because Arrow's classes are not
 *     serializable; null if there is none
 */
public record AnswerConstraint(ConstraintSpecification specification, @Nullable String columnJson)
    implements Serializable {

  /** A constraint without typed answers. */
  public static AnswerConstraint of(ConstraintSpecification specification) {
    return new AnswerConstraint(specification, null);
  }

  /** A constraint with typed answers. */
  public static AnswerConstraint typed(ConstraintSpecification specification, Field column) {
    return new AnswerConstraint(specification, new Schema(List.of(column)).toJson());
  }

  /** Whether the probabilities of enumerated fields are computed. */
  boolean fieldProbabilities() {
    return specification.enumeratedFields();
  }

  /** The column of typed answers. */
  public Optional<Field> column() {
    if (columnJson == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Schema.fromJSON(columnJson).getFields().get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
