package io.nightshift.job.options;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What is asked about each row. */
public final class PromptOptions {
  private PromptOptions() {}

  public static final ConfigOption<String> SYSTEM =
      ConfigOptions.key("prompt.system")
          .stringType()
          .noDefaultValue()
          .withDescription("System message of the model's chat template; Jinja over the columns.");

  public static final ConfigOption<String> USER =
      ConfigOptions.key("prompt.user")
          .stringType()
          .noDefaultValue()
          .withDescription("User message of the model's chat template; Jinja over the columns.");

  public static final ConfigOption<String> TEXT =
      ConfigOptions.key("prompt.text")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The whole prompt, without a chat template; Jinja over the columns. Instead of"
                  + " prompt.system and prompt.user. A tokenizer that begins every text with a"
                  + " beginning-of-sequence token begins the prompt with it, unless the prompt"
                  + " begins with that token already; no end-of-sequence token is added.");
}
