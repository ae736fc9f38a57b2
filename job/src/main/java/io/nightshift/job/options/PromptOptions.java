package io.nightshift.job.options;

import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The prompt of each row. */
public final class PromptOptions {
  private PromptOptions() {}

  public static final ConfigOption<String> SYSTEM =
      ConfigOptions.key("prompt.system")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "System message for the model's chat template, itself a Jinja template over the"
                  + " columns.");

  public static final ConfigOption<String> USER =
      ConfigOptions.key("prompt.user")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "User message for the model's chat template, itself a Jinja template over the"
                  + " columns; or give prompt.messages or prompt.text.");

  public static final ConfigOption<String> MESSAGES =
      ConfigOptions.key("prompt.messages")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Column with the messages for the model's chat template: a list of structs with the"
                  + " texts role (system, developer, user, assistant, tool) and content, and"
                  + " further fields that the template reads, such as name. Use it instead of"
                  + " prompt.system and prompt.user.");

  public static final ConfigOption<Map<String, String>> TEMPLATE_OPTIONS =
      ConfigOptions.key("prompt.template-options")
          .mapType()
          .noDefaultValue()
          .withDescription(
              "Variables for the model's chat template, such as enable_thinking: false, with any"
                  + " values that YAML has. Names that the template does not use are refused. Not"
                  + " with prompt.text.");

  public static final ConfigOption<String> TEXT =
      ConfigOptions.key("prompt.text")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The whole prompt, a Jinja template over the columns; no chat template is applied."
                  + " Use it instead of prompt.system and prompt.user. If the tokenizer adds a"
                  + " beginning-of-sequence token, the prompt begins with it, but never twice; no"
                  + " end-of-sequence token is added.");
}
