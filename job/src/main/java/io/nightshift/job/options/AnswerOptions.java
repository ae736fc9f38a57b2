package io.nightshift.job.options;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What an answer may be. */
public final class AnswerOptions {
  private AnswerOptions() {}

  public static final ConfigOption<List<String>> CHOICES =
      ConfigOptions.key("answer.choices")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription(
              "The answer is one of these, scored exactly and with a probability for each. The"
                  + " sampling options have no part in it.");

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
          .withDescription("Most tokens of a free answer. Not with answer.choices.");

  public static final ConfigOption<String> REGEX =
      ConfigOptions.key("answer.regex")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "A regular expression that the answer matches. Refused by this version, which has no"
                  + " constrained decoding yet.");

  public static final ConfigOption<String> JSON_SCHEMA =
      ConfigOptions.key("answer.json-schema")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "A JSON schema that the answer is valid under. Refused by this version, which has no"
                  + " constrained decoding yet.");
}
