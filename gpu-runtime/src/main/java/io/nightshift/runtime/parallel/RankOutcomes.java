package io.nightshift.runtime.parallel;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What became of a task that all ranks run.
 *
 * @param arrived outcomes, in the order in which they came
 * @param degree number of ranks
 */
record RankOutcomes<T>(List<Outcome<T>> arrived, int degree) {

  /** What a rank's task has returned, or how it has failed. */
  record Outcome<T>(int rank, @Nullable T value, @Nullable Throwable failure) {

    boolean isFailure() {
      return failure != null;
    }

    /** Ranks check their arguments before anything else, so that either all refuse or none. */
    boolean isRefusal() {
      return failure instanceof IllegalArgumentException;
    }

    /** Whether the rank only stopped waiting for another one. */
    boolean isAborted() {
      return failure instanceof CollectiveAbortedException;
    }
  }

  /** The failure of a rank. */
  record Failure(int rank, Throwable cause) {}

  RankOutcomes {
    arrived = List.copyOf(arrived);
  }

  /** Ranks without an outcome. */
  List<Integer> missing() {
    List<Integer> present = arrived.stream().map(Outcome::rank).toList();
    return IntStream.range(0, degree).filter(rank -> !present.contains(rank)).boxed().toList();
  }

  /** The refusal of the arguments, if it is that of all ranks. */
  Optional<IllegalArgumentException> refusal() {
    return missing().isEmpty() && arrived.stream().allMatch(Outcome::isRefusal)
        ? arrived.stream().map(outcome -> (IllegalArgumentException) outcome.failure()).findFirst()
        : Optional.empty();
  }

  /** The failures that are not the consequence of another one, in the order in which they came. */
  List<Failure> failures() {
    return arrived.stream()
        .filter(outcome -> outcome.isFailure() && !outcome.isAborted())
        .map(outcome -> new Failure(outcome.rank, Objects.requireNonNull(outcome.failure)))
        .toList();
  }

  /** Whether all ranks have returned a value. */
  boolean areValues() {
    return arrived.size() == degree && arrived.stream().noneMatch(Outcome::isFailure);
  }

  /** The values in the order of ranks, if {@link #areValues}. */
  List<T> values() {
    return arrived.stream()
        .sorted(Comparator.comparing(Outcome::rank))
        .map(outcome -> Objects.requireNonNull(outcome.value()))
        .toList();
  }
}
