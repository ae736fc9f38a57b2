package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.grammar.Alternative;
import io.nightshift.runtime.constraint.grammar.LiteralAlternative;
import io.nightshift.runtime.constraint.grammar.NumberAlternative;
import io.nightshift.runtime.constraint.grammar.StringAlternative;
import io.nightshift.runtime.constraint.grammar.ValueRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.util.IntsRef;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.LimitedFiniteStringsIterator;
import org.apache.lucene.util.automaton.Operations;
import org.jspecify.annotations.Nullable;

/**
 * The values of a rule that has few, none of them an array or object.
 *
 * @param texts JSON texts of the values
 * @param common number of bytes in which they all begin alike, less than any of them has, and whole
 *     characters
 */
public record Enumeration(List<String> texts, int common) {
  private static final int MAX_VALUES = 512;

  /** The values of a rule; null if there are none, more than 512, or others than scalars. */
  static @Nullable Enumeration of(ValueRule rule) {
    Set<String> texts = new TreeSet<>();
    for (Alternative alternative : rule.alternatives()) {
      if (!addAll(texts, alternative)) {
        return null;
      }
    }
    return texts.isEmpty() ? null : new Enumeration(List.copyOf(texts), common(texts));
  }

  private static int common(Set<String> texts) {
    byte[] first = texts.iterator().next().getBytes(StandardCharsets.UTF_8);
    int common = first.length - 1;
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int mismatch = Arrays.mismatch(first, bytes);
      common = Math.min(Math.min(common, bytes.length - 1), mismatch < 0 ? common : mismatch);
    }
    while ((first[common] & 0xC0) == 0x80) {
      common--;
    }
    return common;
  }

  private static boolean addAll(Set<String> texts, Alternative alternative) {
    if (alternative instanceof LiteralAlternative literal) {
      texts.add(literal.text());
      return true;
    }
    if (alternative instanceof NumberAlternative number) {
      List<String> numbers = words(number.text());
      return numbers != null && texts.addAll(numbers) && texts.size() <= MAX_VALUES;
    }
    if (alternative instanceof StringAlternative string) {
      List<String> contents = words(string.content());
      if (contents == null) {
        return false;
      }
      for (String content : contents) {
        int length = content.codePointCount(0, content.length());
        if (string.minLength() <= length && length <= string.maxLength()) {
          texts.add(JsonStrings.quote(content));
        }
      }
      return texts.size() <= MAX_VALUES;
    }
    return false;
  }

  private static @Nullable List<String> words(Automaton language) {
    if (!Operations.isFinite(language)) {
      return null;
    }
    LimitedFiniteStringsIterator words = new LimitedFiniteStringsIterator(language, MAX_VALUES + 1);
    List<String> found = new ArrayList<>();
    for (IntsRef word = words.next(); word != null; word = words.next()) {
      found.add(new String(word.ints, word.offset, word.length));
    }
    return found.size() > MAX_VALUES ? null : found;
  }
}
