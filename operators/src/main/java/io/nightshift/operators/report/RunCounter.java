package io.nightshift.operators.report;

import io.nightshift.runtime.engine.FinishReason;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;

/** Counters of the operators of a run, which are Flink accumulators with these names. */
public enum RunCounter {
  /** Rows rendered and tokenized by the plan job, those with errors included. */
  ROWS_TOKENIZED,
  /** Prompt tokens of those rows. */
  TOKENS_TOKENIZED,
  /** Rows written to work units. */
  ROWS_PLANNED,
  /** Prompt tokens left to compute after each shared prefix is computed once. */
  TOKENS_TO_COMPUTE,
  /** Rows sorted into the order of the input. */
  ROWS_ORDERED,
  /** Rows copied from small output files to larger ones. */
  ROWS_COMPACTED,
  /** Rows whose answer ended with an end-of-sequence token or a stop string. */
  ROWS_STOP,
  /** Rows whose answer was truncated at its maximum length. */
  ROWS_LENGTH,
  /** Rows answered with one of the choices. */
  ROWS_CHOICE,
  /** Rows with an embedding. */
  ROWS_EMBEDDING,
  /** Rows with an error. */
  ROWS_ERROR,
  /** Prompt tokens of answered rows. */
  PROMPT_TOKENS,
  /** Prompt tokens of answered rows whose keys and values came from the prefix cache. */
  CACHED_TOKENS,
  /** Generated tokens. */
  OUTPUT_TOKENS;

  /** The counter of the rows that finished for this reason. */
  public static RunCounter finished(FinishReason reason) {
    return switch (reason) {
      case STOP -> ROWS_STOP;
      case LENGTH -> ROWS_LENGTH;
      case CHOICE -> ROWS_CHOICE;
      case EMBEDDING -> ROWS_EMBEDDING;
      case ERROR -> ROWS_ERROR;
    };
  }

  /** Registers this counter with the operator and returns it. */
  public LongCounter register(RuntimeContext context) {
    LongCounter counter = new LongCounter();
    context.addAccumulator(name(), counter);
    return counter;
  }
}
