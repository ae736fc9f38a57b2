package io.nightshift.runtime.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The order in which an engine gets the rows of a workload. */
public enum WorkloadOrder {
  /** As the workload makes them: shuffled. */
  GIVEN,
  /** By token ids, as a careful user would hand them in; sorting is not part of the time. */
  SORTED,
  /**
   * By token ids, which is the order that the plan of a job makes; sorting is part of the time. One
   * engine gets the rows as in {@link #SORTED}: work units cut the order and do not change it.
   */
  PLANNED;

  private static final Comparator<Workload.Row> BY_TOKENS =
      (first, second) -> Arrays.compare(first.promptTokens(), second.promptTokens());

  List<Workload.Row> apply(List<Workload.Row> rows) {
    return this == GIVEN ? rows : rows.stream().sorted(BY_TOKENS).toList();
  }

  /** The value as the command line has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
