package io.nightshift.job.options;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.input.NearestName;
import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.ChoiceAnswer;
import io.nightshift.job.options.JobSpecification.ConstrainedAnswer;
import io.nightshift.job.options.JobSpecification.Evaluation;
import io.nightshift.runtime.constraint.ConstraintSpecification.JsonSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the section {@code evaluate} of a job file. */
final class EvaluateReader {
  private final JobSettings settings;

  EvaluateReader(JobSettings settings) {
    this.settings = settings;
  }

  Optional<Evaluation> evaluation(Answer answer) {
    Optional<String> column = settings.find(EvaluateOptions.COLUMN);
    if (column.isEmpty()) {
      if (settings.isGiven(EvaluateOptions.FIELD)) {
        throw settings.error(
            EvaluateOptions.FIELD, "has no effect without evaluate.column; remove it or give both");
      }
      return Optional.empty();
    }
    if (answer instanceof ChoiceAnswer choice) {
      if (settings.isGiven(EvaluateOptions.FIELD)) {
        throw settings.error(
            EvaluateOptions.FIELD,
            "has no effect with answer.choices, which have no fields; remove it");
      }
      return Optional.of(new Evaluation(column.get(), Optional.empty(), choice.choices()));
    }
    if (answer instanceof ConstrainedAnswer constrained
        && constrained.constraint() instanceof JsonSchema schema) {
      return Optional.of(evaluation(column.get(), EnumeratedFields.of(schema.schema())));
    }
    throw settings.error(
        EvaluateOptions.COLUMN,
        "needs answers that are one of some labels; give answer.choices, or an enum in"
            + " answer.json-schema, or remove it");
  }

  private Evaluation evaluation(String column, Map<String, List<JsonNode>> fields) {
    if (fields.isEmpty()) {
      throw settings.error(
          EvaluateOptions.COLUMN,
          "needs an enum or a boolean in answer.json-schema, which has none; remove it");
    }
    String field =
        settings.find(EvaluateOptions.FIELD).map(this::pointer).orElseGet(() -> only(fields));
    List<JsonNode> values = fields.get(field);
    if (values == null) {
      throw settings.error(
          EvaluateOptions.FIELD,
          "names %s, which is no enum or boolean of answer.json-schema%s; it has %s"
              .formatted(
                  field,
                  NearestName.of(field, List.copyOf(fields.keySet()))
                      .map(nearest -> "; did you mean " + nearest + "?")
                      .orElse(""),
                  String.join(", ", fields.keySet())));
    }
    List<String> labels =
        values.stream().filter(value -> !value.isNull()).map(EvaluateReader::label).toList();
    if (new HashSet<>(labels).size() < labels.size()
        || values.stream()
                .filter(value -> !value.isNull())
                .map(JsonNode::getNodeType)
                .distinct()
                .count()
            > 1) {
      throw settings.error(
          EvaluateOptions.COLUMN,
          "cannot be compared with %s, whose values are of several types".formatted(named(field)));
    }
    return new Evaluation(column, Optional.of(field), labels);
  }

  private String only(Map<String, List<JsonNode>> fields) {
    if (fields.size() > 1) {
      throw settings.error(
          EvaluateOptions.COLUMN,
          "may be the truth of %s; say which in evaluate.field"
              .formatted(String.join(", ", fields.keySet())));
    }
    return fields.keySet().iterator().next();
  }

  /** A field's JSON pointer; a name without a slash is a property's. */
  private String pointer(String field) {
    return field.startsWith("/") ? field : "/" + field.replace("~", "~0");
  }

  private static String named(String field) {
    return field.isEmpty() ? "the answer" : field;
  }

  private static String label(JsonNode value) {
    return value.isNumber()
        ? value.decimalValue().stripTrailingZeros().toPlainString()
        : value.isTextual() ? value.textValue() : value.toString();
  }
}
