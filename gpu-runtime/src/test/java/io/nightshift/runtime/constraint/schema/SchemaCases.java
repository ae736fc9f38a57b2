package io.nightshift.runtime.constraint.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file of schemas with instances:
 *
 * <pre>
 * # a title
 * {"type": "array",
 *  "maxItems": 1}
 *   + [1]
 *   - [1,2]
 * </pre>
 *
 * <p>{@code +} is a valid text and {@code -} an invalid one. {@code >} is valid too, but not how
 * the grammar writes the value. Where the oracle is known to be wrong, the sign is doubled.
 */
final class SchemaCases {
  private SchemaCases() {}

  /** A schema with instances. */
  record Case(String title, String schema, List<Instance> instances) {}

  /**
   * A text.
   *
   * @param valid whether the value is valid
   * @param written whether the grammar has the text
   * @param oracle whether the oracle agrees
   */
  record Instance(String text, boolean valid, boolean written, boolean oracle) {}

  static List<Case> read(String file) {
    try (InputStream stream = SchemaCases.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalArgumentException("no resource " + file);
      }
      return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Case> parse(String[] lines) {
    List<Case> cases = new ArrayList<>();
    String title = "";
    StringBuilder schema = new StringBuilder();
    List<Instance> instances = new ArrayList<>();
    for (String line : lines) {
      boolean instance = line.matches("  ([-+>])\\1? .*");
      if (!instance && !instances.isEmpty()) {
        cases.add(new Case(title, schema.toString(), List.copyOf(instances)));
        schema.setLength(0);
        instances.clear();
      }
      if (instance) {
        instances.add(instance(line.strip()));
      } else if (line.startsWith("# ")) {
        title = line.substring(2);
      } else if (!line.isBlank()) {
        schema.append(line).append('\n');
      }
    }
    cases.add(new Case(title, schema.toString(), List.copyOf(instances)));
    return cases;
  }

  private static Instance instance(String line) {
    char sign = line.charAt(0);
    boolean doubled = line.charAt(1) == sign;
    String text = line.substring(line.indexOf(' ') + 1);
    return new Instance(text, sign != '-', sign == '+', !doubled);
  }
}
