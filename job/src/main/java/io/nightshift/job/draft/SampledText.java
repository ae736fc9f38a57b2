package io.nightshift.job.draft;

import java.util.ArrayList;
import java.util.List;

/** Texts at one place of the rows: a column, or a field of structs. */
final class SampledText {
  /** Whether a text is language: most identifiers, codes and addresses have no blanks. */
  private static final double PROSE = 0.5;

  private final List<String> path;
  private int values;
  private int nulls;
  private int withBlanks;
  private long characters;

  /**
   * @param path the column's name, followed by those of fields
   */
  SampledText(List<String> path) {
    this.path = List.copyOf(path);
  }

  void add(String text) {
    values++;
    characters += text.codePointCount(0, text.length());
    if (text.chars().anyMatch(Character::isWhitespace)) {
      withBlanks++;
    }
  }

  void addNull() {
    nulls++;
  }

  List<String> path() {
    return path;
  }

  SampledText child(String field) {
    List<String> longer = new ArrayList<>(path);
    longer.add(field);
    return new SampledText(longer);
  }

  boolean hasNulls() {
    return nulls > 0;
  }

  boolean isProse() {
    return values > 0 && withBlanks >= PROSE * values;
  }

  /** Mean length in characters; 0 if the sample has no text. */
  long meanCharacters() {
    return values == 0 ? 0 : Math.round((double) characters / values);
  }
}
