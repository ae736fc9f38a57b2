package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.ConstrainedAnswer;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;

/** Reads what answers must conform to. */
final class ConstraintReader {
  private final JobSettings settings;
  private final Checks checks;

  ConstraintReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  /** The constraint; empty without one. */
  Optional<ConstrainedAnswer> answer() {
    checks.exclusive(AnswerOptions.REGEX, AnswerOptions.JSON_SCHEMA);
    Optional<String> schema = settings.find(AnswerOptions.JSON_SCHEMA);
    if (schema.isEmpty()) {
      requireSchemaFor(AnswerOptions.WHITESPACE);
      requireSchemaFor(AnswerOptions.FIELD_PROBABILITIES);
    }
    Optional<ConstraintSpecification> constraint =
        schema.isPresent()
            ? Optional.of(
                new ConstraintSpecification.JsonSchema(
                    schemaText(schema.get()),
                    settings.get(AnswerOptions.WHITESPACE) == AnswerWhitespace.SPACES,
                    settings.get(AnswerOptions.FIELD_PROBABILITIES)))
            : settings.find(AnswerOptions.REGEX).map(ConstraintSpecification.Regex::new);
    return constraint.map(
        specification ->
            new ConstrainedAnswer(specification, checks.atLeast(AnswerOptions.MAX_TOKENS, 1)));
  }

  private void requireSchemaFor(ConfigOption<?> option) {
    if (settings.isGiven(option)) {
      throw settings.error(
          option, "has no effect without answer.json-schema; remove it or give a schema");
    }
  }

  private String schemaText(String value) {
    try {
      return SchemaText.isInline(value)
          ? SchemaText.compact(value)
          : SchemaText.ofFile(checks.path(AnswerOptions.JSON_SCHEMA, value));
    } catch (SchemaText.UnreadableException e) {
      throw settings.error(AnswerOptions.JSON_SCHEMA, String.valueOf(e.getMessage()));
    }
  }
}
