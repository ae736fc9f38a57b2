package io.nightshift.operators.report;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;

/** What the operators of a run count, as Flink accumulators by these names. */
public enum RunCounter {
  /** Rows rendered and tokenized by the plan job, those with errors included. */
  ROWS_TOKENIZED,
  /** Prompt tokens of those rows. */
  TOKENS_TOKENIZED,
  /** Rows written to work units. */
  ROWS_PLANNED,
  /** Prompt tokens left to compute after each shared prefix is computed once. */
  TOKENS_TO_COMPUTE,
  /** Rows that came out of the infer job, those with errors included. */
  ROWS_FINISHED,
  /** Prompt tokens of answered rows. */
  PROMPT_TOKENS,
  /** Prompt tokens of answered rows whose keys and values came from the prefix cache. */
  CACHED_TOKENS,
  /** Generated tokens. */
  OUTPUT_TOKENS;

  /** Registers this counter with the operator and returns it. */
  public LongCounter register(RuntimeContext context) {
    LongCounter counter = new LongCounter();
    context.addAccumulator(name(), counter);
    return counter;
  }
}
