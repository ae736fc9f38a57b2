package io.nightshift.runtime.runner;

import java.util.List;

/**
 * Input of one step: a ragged batch, without padding. The tokens of the step are the concatenated
 * query tokens of its sequences; token indices in {@link LogitsRequest} and {@link PoolingRequest}
 * refer to this concatenation.
 *
 * <p>A step without logits requests computes no logits. If a step has requests of both kinds, it
 * may compute logits of the pooled tokens too.
 */
public record StepBatch(
    List<StepSequence> sequences,
    List<HostCopy> hostCopies,
    List<BlockCopy> copies,
    List<LogitsRequest> logits,
    List<PoolingRequest> pooling) {

  public StepBatch {
    sequences = List.copyOf(sequences);
    hostCopies = List.copyOf(hostCopies);
    copies = List.copyOf(copies);
    logits = List.copyOf(logits);
    pooling = List.copyOf(pooling);
  }

  /** A step without host memory. */
  public StepBatch(
      List<StepSequence> sequences,
      List<BlockCopy> copies,
      List<LogitsRequest> logits,
      List<PoolingRequest> pooling) {
    this(sequences, List.of(), copies, logits, pooling);
  }

  /** A step of which no hidden states are read. */
  public StepBatch(
      List<StepSequence> sequences, List<BlockCopy> copies, List<LogitsRequest> logits) {
    this(sequences, copies, logits, List.of());
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
