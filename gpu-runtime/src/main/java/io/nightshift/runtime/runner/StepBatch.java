package io.nightshift.runtime.runner;

import java.util.List;

/**
 * What one step computes: a ragged batch, unpadded. The step's tokens are the query tokens of its
 * sequences, one sequence after the other; token indices in {@link LogitsRequest} count over all of
 * them.
 */
public record StepBatch(
    List<StepSequence> sequences, List<BlockCopy> copies, List<LogitsRequest> logits) {

  public StepBatch {
    sequences = List.copyOf(sequences);
    copies = List.copyOf(copies);
    logits = List.copyOf(logits);
  }

  /** Query tokens of all sequences. */
  public int tokenCount() {
    return sequences.stream().mapToInt(sequence -> sequence.tokens().length).sum();
  }
}
