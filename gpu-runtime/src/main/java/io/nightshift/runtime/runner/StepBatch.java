package io.nightshift.runtime.runner;

import java.util.List;

/**
 * Input of one step: a ragged batch, without padding. The tokens of the step are the concatenated
 * query tokens of its sequences; token indices in {@link LogitsRequest} refer to this
 * concatenation.
 */
public record StepBatch(
    List<StepSequence> sequences, List<BlockCopy> copies, List<LogitsRequest> logits) {

  public StepBatch {
    sequences = List.copyOf(sequences);
    copies = List.copyOf(copies);
    logits = List.copyOf(logits);
  }

  /** Whether a token is sampled under a constraint. */
  public boolean isConstrained() {
    return logits.stream()
        .map(LogitsRequest::sampling)
        .anyMatch(sampling -> sampling != null && sampling.constraint() != null);
  }

  /** Number of query tokens of all sequences. */
  public int tokenCount() {
    return sequences.stream().mapToInt(sequence -> sequence.tokens().length).sum();
  }
}
