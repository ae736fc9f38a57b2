package io.nightshift.runtime.model.huggingface.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code modules_in_block_to_quantize}: lists of lists of modules in a layer. */
final class GptqModules {
  private static final String KEY = "modules_in_block_to_quantize";

  private GptqModules() {}

  /** The modules by the ends of their names; empty if all linear layers are quantized. */
  static Optional<ModuleList> included(JsonFile json) {
    return json.value(KEY)
        .map(
            value -> {
              Set<String> names = new LinkedHashSet<>();
              addAll(json, value, names);
              JsonFile flat = json.with(Map.of(KEY, names));
              return new ModuleList(flat, KEY, name -> module -> module.endsWith('.' + name));
            });
  }

  private static void addAll(JsonFile json, JsonNode value, Set<String> names) {
    for (JsonNode element : value) {
      if (element.isArray()) {
        addAll(json, element, names);
      } else if (element.isTextual()) {
        names.add(element.asText());
      } else {
        throw json.problem(
            KEY, "is " + JsonFile.abbreviated(value) + ", expected lists of names of modules");
      }
    }
  }
}
