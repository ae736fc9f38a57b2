package io.nightshift.job.report;

import java.util.List;

/**
 * The answers of an output, of all its runs.
 *
 * @param rows of the output, those with errors included
 * @param distributions the choices, or each enumerated field of a JSON Schema; empty for free text
 * @param leastCertain the rows with the lowest confidence, the lowest first; empty if rows have no
 *     confidence
 * @param outputTokens rows by the length of their answers; empty if nothing is generated
 */
public record AnswerFigures(
    long rows,
    List<ValueDistribution> distributions,
    List<UncertainRow> leastCertain,
    List<TokenBin> outputTokens) {

  public AnswerFigures {
    distributions = List.copyOf(distributions);
    leastCertain = List.copyOf(leastCertain);
    outputTokens = List.copyOf(outputTokens);
  }

  /**
   * The values of the choice, or of an enumerated field.
   *
   * @param name {@code completion} for choices, else {@code answer.} and the field's name
   * @param values the most frequent ones, the most frequent first
   * @param otherValues rows with any other value
   * @param confidenceHistogram rows by the probability of their value, in {@value #CONFIDENCE_BINS}
   *     bins of equal width from 0 to 1; empty if rows have no confidence
   */
  public record ValueDistribution(
      String name, List<ValueCount> values, long otherValues, List<Long> confidenceHistogram) {
    public static final int CONFIDENCE_BINS = 20;

    public ValueDistribution {
      values = List.copyOf(values);
      confidenceHistogram = List.copyOf(confidenceHistogram);
    }

    /** Rows with any value: those that were answered. Arrays have a value for each item instead. */
    public long counted() {
      return otherValues + values.stream().mapToLong(ValueCount::rows).sum();
    }
  }

  /** Rows with an answer. */
  public record ValueCount(String value, long rows) {}

  /**
   * Rows whose answers have a number of tokens.
   *
   * @param from least number of tokens
   * @param to greatest number of tokens, itself included
   */
  public record TokenBin(long from, long to, long rows) {}
}
