package io.nightshift.job.options;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The form of an answer. */
public final class AnswerOptions {
  private AnswerOptions() {}

  public static final ConfigOption<List<String>> CHOICES =
      ConfigOptions.key("answer.choices")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription(
              "Choices, one of which is the answer. They are scored exactly, with a probability"
                  + " for each; the sampling options do not apply.");

  public static final ConfigOption<Boolean> NORMALIZE_BY_LENGTH =
      ConfigOptions.key("answer.normalize-by-length")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether a choice's log probability is divided by its number of tokens before the"
                  + " choices are compared, so that long choices are not at a disadvantage. Only"
                  + " with answer.choices.");

  public static final ConfigOption<Integer> MAX_TOKENS =
      ConfigOptions.key("answer.max-tokens")
          .intType()
          .defaultValue(256)
          .withDescription(
              "Maximum number of tokens of a free-text answer. Not with answer.choices.");

  public static final ConfigOption<String> REGEX =
      ConfigOptions.key("answer.regex")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Regular expression that the answer must match. Refused by this version, which has"
                  + " no constrained decoding yet.");

  public static final ConfigOption<String> JSON_SCHEMA =
      ConfigOptions.key("answer.json-schema")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "JSON schema that the answer must conform to. Refused by this version, which has no"
                  + " constrained decoding yet.");
}
