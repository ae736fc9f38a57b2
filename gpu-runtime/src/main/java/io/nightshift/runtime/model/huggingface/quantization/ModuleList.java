package io.nightshift.runtime.model.huggingface.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Modules that a list in {@code quantization_config} names, each by a name or a pattern. */
final class ModuleList {
  private final JsonFile file;
  private final String key;
  private final List<Entry> entries;

  private record Entry(String text, Predicate<String> matches) {}

  /** What entries stand for. */
  interface Syntax {

    /**
     * @throws PatternSyntaxException if the entry is an invalid regular expression
     */
    Predicate<String> parse(String entry);
  }

  /**
   * Reads a list of strings; an absent one is empty.
   *
   * @throws ModelFormatException if it holds something else
   */
  ModuleList(JsonFile file, String key, Syntax syntax) {
    this.file = file;
    this.key = key;
    entries = new ArrayList<>();
    for (String text : strings(file, key)) {
      entries.add(new Entry(text, parse(file, key, syntax, text)));
    }
  }

  static List<String> strings(JsonFile file, String key) {
    List<String> strings = new ArrayList<>();
    JsonNode list = file.value(key).orElse(null);
    if (list == null) {
      return strings;
    }
    boolean valid = list.isArray();
    for (JsonNode element : list) {
      valid &= element.isTextual();
      strings.add(element.asText());
    }
    if (!valid) {
      throw file.problem(
          key, "is " + JsonFile.abbreviated(list) + ", expected a list of names of modules");
    }
    return strings;
  }

  static Predicate<String> parse(JsonFile file, String key, Syntax syntax, String text) {
    try {
      return syntax.parse(text);
    } catch (PatternSyntaxException e) {
      throw file.problem(
          key, "\"%s\" is no valid regular expression: %s".formatted(text, e.getDescription()));
    }
  }

  /**
   * The lists of Hugging Face transformers: an entry is the name of a module or of one that it is
   * part of, as a regular expression for its beginning up to a dot, or the end of a name.
   */
  static Predicate<String> transformers(String entry) {
    Pattern pattern = Pattern.compile("(?:" + entry + ")(?:(?<=\\.)|(?=\\.|$))");
    return module -> pattern.matcher(module).lookingAt() || module.endsWith(entry);
  }

  /**
   * The lists of compressed-tensors: an entry is {@code re:} and a regular expression for the
   * beginning of a name, a whole name, or the class of linear layers.
   */
  static Predicate<String> compressedTensors(String entry) {
    if (entry.startsWith("re:")) {
      Pattern pattern = Pattern.compile(entry.substring("re:".length()));
      return module -> pattern.matcher(module).lookingAt();
    }
    return entry.equals("Linear") ? module -> true : entry::equals;
  }

  boolean contains(String module) {
    return entries.stream().anyMatch(entry -> entry.matches().test(module));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Whether an entry names just this module. */
  boolean names(String module) {
    return entries.stream()
        .anyMatch(entry -> !entry.text().equals("Linear") && entry.matches().test(module));
  }

  /**
   * @throws ModelFormatException if an entry matches nothing of the model, nor a part that is left
   *     out
   */
  void requireModules(ModelModules modules) {
    for (Entry entry : entries) {
      if (!modules.anyMatch(entry.matches()) && !ModelModules.isLeftOut(entry.text())) {
        throw file.problem(
            key,
            ("\"%s\" names no module of this model; is it the config.json of another one? Remove"
                    + " the entry if the weights are right")
                .formatted(entry.text()));
      }
    }
  }
}
