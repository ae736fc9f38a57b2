package io.nightshift.runtime.scheduler;

/**
 * Counters of the scheduler since it was created. Each prompt token is counted once, as computed or
 * as cached.
 */
public final class SchedulerCounters {

  long steps;
  long promptTokens;
  long cachedTokens;
  long recomputedTokens;
  long treeTokens;
  long preemptions;

  SchedulerCounters() {}

  /** Number of scheduled steps. */
  public long steps() {
    return steps;
  }

  /** Number of computed prompt tokens. A token that is recomputed is counted once. */
  public long promptTokens() {
    return promptTokens;
  }

  /** Number of prompt tokens found in the cache when their sequence was first admitted. */
  public long cachedTokens() {
    return cachedTokens;
  }

  /** Number of recomputed prompt and output tokens, mostly because of preemption. */
  public long recomputedTokens() {
    return recomputedTokens;
  }

  /** Number of computed nodes of token trees. */
  public long treeTokens() {
    return treeTokens;
  }

  /** Number of preemptions. */
  public long preemptions() {
    return preemptions;
  }

  void countTokens(Sequence sequence, int start, int end, int treeSize) {
    int fresh = Math.max(start, sequence.computedBeforePreemption);
    promptTokens += Math.max(0, Math.min(end, sequence.promptLength()) - fresh);
    recomputedTokens += Math.max(0, Math.min(end, fresh) - start);
    treeTokens += treeSize;
  }
}
