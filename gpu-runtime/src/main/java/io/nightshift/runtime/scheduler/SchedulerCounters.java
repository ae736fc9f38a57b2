package io.nightshift.runtime.scheduler;

/**
 * What the scheduler has done since it was made. Each prompt token counts once as computed or
 * cached.
 */
public final class SchedulerCounters {

  long steps;
  long promptTokens;
  long cachedTokens;
  long recomputedTokens;
  long treeTokens;
  long preemptions;

  SchedulerCounters() {}

  /** Steps scheduled. */
  public long steps() {
    return steps;
  }

  /** Prompt tokens computed, each once, however often it was computed again. */
  public long promptTokens() {
    return promptTokens;
  }

  /** Prompt tokens found in the cache when their sequence was first admitted. */
  public long cachedTokens() {
    return cachedTokens;
  }

  /** Prompt and output tokens computed again, mostly because of pre-emption. */
  public long recomputedTokens() {
    return recomputedTokens;
  }

  /** Nodes of token trees computed. */
  public long treeTokens() {
    return treeTokens;
  }

  /** Sequences that have lost their blocks. */
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
