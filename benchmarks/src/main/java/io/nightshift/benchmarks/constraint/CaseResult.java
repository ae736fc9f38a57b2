package io.nightshift.benchmarks.constraint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one schema.
 *
 * @param problem why it was not compiled; null if it was
 * @param compileNanos time to compile it, first mask included
 * @param rejected descriptions of the valid instances that were rejected
 * @param accepted descriptions of the invalid instances that were accepted
 * @param right number of the other instances
 */
record CaseResult(
    String name,
    Outcome outcome,
    @Nullable String problem,
    long compileNanos,
    List<String> rejected,
    List<String> accepted,
    int right) {

  /** What became of a schema. */
  enum Outcome {
    /** All instances are accepted or rejected as they should be. */
    RIGHT,
    /** Some instance is not. */
    WRONG,
    /** The schema was refused. */
    REFUSED,
    /** Something was thrown that does not say what is wrong with the schema. */
    CRASHED
  }
}
