package io.nightshift.benchmarks.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.ArrayAlternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.ObjectAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.util.automaton.Operations;

/**
 * The texts of a JSON value that a grammar may have. A grammar has the properties of an object in
 * one order for each alternative, and which alternative a value belongs to is seen only deeper in
 * it. Texts by alternatives that fit the value at every depth come alone if there are any: what
 * does not fit is not accepted in another order either. Otherwise there is one for every
 * alternative of its type, and one in the given order.
 *
 * <p>Use an object for one value only.
 */
final class InstanceTexts {
  /** Maximum number of texts of a value. */
  static final int MAX_TEXTS = 64;

  private final Map<ValueRule, Map<JsonNode, Texts>> known = new IdentityHashMap<>();

  /**
   * Texts of a value, all different.
   *
   * @param fitting whether they fit the grammar, as far as can be seen without reading the text
   */
  record Texts(List<String> texts, boolean fitting) {}

  /** Texts of a value, at most {@link #MAX_TEXTS}. */
  Texts of(ValueRule rule, JsonNode value) {
    Map<JsonNode, Texts> ofRule = known.computeIfAbsent(rule, key -> new IdentityHashMap<>());
    Texts texts = ofRule.get(value);
    if (texts == null) {
      List<Texts> choices = new ArrayList<>();
      for (Alternative alternative : rule.alternatives()) {
        choices.add(of(alternative, value));
      }
      choices.add(new Texts(List.of(JsonTexts.text(value)), false));
      texts = any(choices);
      ofRule.put(value, texts);
    }
    return texts;
  }

  private Texts of(Alternative alternative, JsonNode value) {
    if (alternative instanceof ArrayAlternative array && value.isArray()) {
      return of(array, value);
    }
    if (alternative instanceof ObjectAlternative object && value.isObject()) {
      return of(object, value);
    }
    String text = JsonTexts.text(value);
    return new Texts(List.of(text), fits(alternative, value, text));
  }

  private static boolean fits(Alternative alternative, JsonNode value, String text) {
    if (alternative instanceof LiteralAlternative literal) {
      return literal.text().equals(text);
    }
    if (alternative instanceof NumberAlternative number) {
      return value.isNumber() && Operations.run(number.text(), text);
    }
    if (alternative instanceof StringAlternative string && value.isTextual()) {
      String content = value.textValue();
      int length = content.codePointCount(0, content.length());
      return length >= string.minLength()
          && length <= string.maxLength()
          && Operations.run(string.content(), content);
    }
    return false;
  }

  private Texts of(ArrayAlternative array, JsonNode value) {
    List<Texts> items = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      ArrayAlternative.Item item = i < array.prefix().size() ? array.prefix().get(i) : array.rest();
      items.add(any(List.of(of(item.matching(), value.get(i)), of(item.other(), value.get(i)))));
    }
    boolean fitting = value.size() >= array.minItems() && value.size() <= array.maxItems();
    return all(items, "[", "]", fitting);
  }

  private Texts of(ObjectAlternative object, JsonNode value) {
    Map<String, JsonNode> left = new LinkedHashMap<>();
    value.properties().forEach(field -> left.put(field.getKey(), field.getValue()));
    boolean fitting =
        value.size() >= object.minProperties() && value.size() <= object.maxProperties();
    List<Texts> properties = new ArrayList<>();
    for (ObjectAlternative.Property property : object.properties()) {
      JsonNode present = left.remove(property.name());
      if (present != null) {
        properties.add(named(property.name(), of(property.value(), present)));
      } else {
        fitting &= !property.required();
      }
    }
    left.forEach((name, present) -> properties.add(named(name, additional(object, name, present))));
    return all(properties, "{", "}", fitting);
  }

  private Texts additional(ObjectAlternative object, String name, JsonNode value) {
    for (ObjectAlternative.Additional kind : object.additional()) {
      if (Operations.run(kind.names(), name)) {
        return of(kind.value(), value);
      }
    }
    return new Texts(List.of(JsonTexts.text(value)), false);
  }

  private static Texts named(String name, Texts values) {
    String prefix = JsonTexts.quoted(name) + ":";
    return new Texts(values.texts.stream().map(prefix::concat).toList(), values.fitting);
  }

  /** The texts of all choices that fit, or of all choices if none does. */
  private static Texts any(Collection<Texts> choices) {
    boolean fitting = choices.stream().anyMatch(Texts::fitting);
    Set<String> texts = new LinkedHashSet<>();
    choices.stream()
        .filter(choice -> choice.fitting == fitting)
        .forEach(choice -> texts.addAll(choice.texts));
    return new Texts(texts.stream().limit(MAX_TEXTS).toList(), fitting);
  }

  /** Each combination of texts of the parts. */
  private static Texts all(List<Texts> parts, String begin, String end, boolean fitting) {
    long combinations = 1;
    boolean allFitting = fitting;
    for (Texts part : parts) {
      combinations = Math.min(MAX_TEXTS, combinations * part.texts.size());
      allFitting &= part.fitting;
    }
    List<String> texts = new ArrayList<>();
    for (long i = 0; i < combinations; i++) {
      StringBuilder text = new StringBuilder(begin);
      long choice = i;
      for (Iterator<Texts> rest = parts.iterator(); rest.hasNext(); ) {
        List<String> choices = rest.next().texts;
        text.append(choices.get((int) (choice % choices.size())));
        choice /= choices.size();
        text.append(rest.hasNext() ? "," : "");
      }
      texts.add(text.append(end).toString());
    }
    return new Texts(texts, allFitting);
  }
}
