package io.nightshift.job.options;

import io.nightshift.connectors.input.NearestName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every option that a job file may have, grouped by section. */
public final class NightshiftOptions {
  private static final List<OptionGroup> GROUPS =
      List.of(
          OptionGroup.of("input", "Input.", InputOptions.class),
          OptionGroup.of("model", "The model and its device.", ModelOptions.class),
          OptionGroup.of(
              "prompt",
              "The prompt of each row, in Jinja templates: see [prompts.md](prompts.md).",
              PromptOptions.class),
          OptionGroup.of("answer", "The form of an answer.", AnswerOptions.class),
          OptionGroup.of(
              "sampling",
              "How the tokens of a free-text answer are sampled. Choices are scored, not sampled.",
              SamplingOptions.class),
          OptionGroup.of("output", "Output.", OutputOptions.class),
          OptionGroup.of("errors", "Rows with an error.", ErrorOptions.class),
          OptionGroup.of("engine", "The inference engine of each task.", EngineOptions.class),
          OptionGroup.of("plan", "How rows are grouped into work units.", PlanOptions.class),
          OptionGroup.of(
              "evaluate",
              "A comparison of the answers with a column of the input, in the report: see"
                  + " [evaluation.md](evaluation.md).",
              EvaluateOptions.class),
          OptionGroup.of(
              "cost",
              "Prices, which turn time and energy into money in the report: see [energy.md](energy.md).",
              CostOptions.class));

  /** Keys of earlier versions whose values mean something else now, and what to write instead. */
  private static final Map<String, String> REPLACED =
      Map.of("engine.gpu", "engine.gpus, with indexes as a list: engine.gpus: [0]");

  private NightshiftOptions() {}

  /** The keys of all options. */
  public static List<String> keys() {
    return all().stream().map(OptionDescription::key).toList();
  }

  static List<OptionGroup> groups() {
    return GROUPS;
  }

  static Optional<OptionDescription> find(String key) {
    return all().stream().filter(option -> option.key().equals(key)).findFirst();
  }

  /** Whether options are below a key, as all are below {@code answer}. */
  static boolean isSection(String key) {
    return GROUPS.stream().anyMatch(group -> group.section().equals(key))
        || all().stream().anyMatch(option -> option.key().startsWith(key + "."));
  }

  /** The message about an unknown key, with the name of the nearest option. */
  static String unknown(String key) {
    if (isSection(key)) {
      return key + " is a section; write its options below it, indented";
    }
    if (REPLACED.containsKey(key)) {
      return key + " is no longer an option; write " + REPLACED.get(key);
    }
    List<String> sections = GROUPS.stream().map(OptionGroup::section).toList();
    return NearestName.of(key, key.contains(".") ? keys() : sections)
        .map(nearest -> "unknown option " + key + "; did you mean " + nearest + "?")
        .orElse("unknown option " + key + "; docs/options.md lists all");
  }

  private static List<OptionDescription> all() {
    return GROUPS.stream().flatMap(group -> group.options().stream()).toList();
  }
}
