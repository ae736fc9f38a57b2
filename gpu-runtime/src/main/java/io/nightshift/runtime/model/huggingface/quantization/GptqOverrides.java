package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * {@code dynamic} of GPTQModel: regular expressions of modules, with {@code -:} those that are not
 * quantized, with {@code +:} or alone those with other parameters. The first that matches counts.
 */
final class GptqOverrides {
  private static final String KEY = "dynamic";

  private final GptqParameters parameters;
  private final List<Rule> overrides = new ArrayList<>();

  private record Rule(
      JsonFile file, String text, Predicate<String> matches, Optional<GptqParameters> parameters) {}

  GptqOverrides(JsonFile json, GptqParameters parameters) {
    this.parameters = parameters;
    JsonFile dynamic = json.child(KEY).orElse(null);
    if (dynamic == null) {
      return;
    }
    for (String key : dynamic.keys()) {
      boolean excludes = key.startsWith("-:");
      String text = excludes || key.startsWith("+:") ? key.substring(2) : key;
      overrides.add(
          new Rule(
              dynamic,
              key,
              ModuleList.parse(dynamic, key, GptqOverrides::pattern, text),
              excludes ? Optional.empty() : Optional.of(parameters(dynamic, key, json))));
    }
  }

  private static Predicate<String> pattern(String text) {
    Pattern pattern = Pattern.compile(text);
    return module -> pattern.matcher(module).lookingAt();
  }

  private static GptqParameters parameters(JsonFile dynamic, String key, JsonFile json) {
    JsonFile own =
        dynamic.child(key).orElseThrow(() -> dynamic.problem(key, "is null, expected an object"));
    KnownKeys.require(
        own,
        "an override of gptq",
        List.of("bits", "desc_act", "group_size", "sym", "damp_percent", "mse"));
    return GptqParameters.read(
        own.withDefaults(
            Map.of(
                "bits", json.requiredInteger("bits"),
                "group_size", json.requiredInteger("group_size"),
                "desc_act", json.bool("desc_act").orElse(false))));
  }

  /** The parameters of a module; empty if it is not quantized. */
  Optional<GptqParameters> of(String module) {
    for (Rule override : overrides) {
      if (override.matches().test(module)) {
        return override.parameters();
      }
    }
    return Optional.of(parameters);
  }

  void requireModules(ModelModules modules) {
    for (Rule override : overrides) {
      if (!modules.anyMatch(override.matches()) && !ModelModules.isLeftOut(override.text())) {
        throw override.file().problem(override.text(), "names no module of this model");
      }
    }
  }
}
