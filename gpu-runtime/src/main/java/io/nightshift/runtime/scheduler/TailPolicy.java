package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.runner.StepTimes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Order of the remaining work, once all waiting sequences can run together with the running ones
 * without evicting a prefix. The planned order is of little use then. If the prompts take many
 * steps, the sequences with the longest outputs start first. If step times are known, only as many
 * run at a time as give the shortest total time ({@link RunningLimit}).
 */
final class TailPolicy {
  /** Minimum number of prefill steps for which the order of the prompts matters. */
  private static final int MIN_PREFILL_STEPS = 4;

  /**
   * Free places are filled once they are this fraction (1/n) of all places, because each step with
   * prefills is slower.
   */
  private static final int REFILL_FRACTION = 8;

  private final KvCache cache;
  private final SchedulerLimits limits;
  private final Optional<StepTimes> times;
  private boolean started;
  private int width;

  TailPolicy(KvCache cache, SchedulerLimits limits, Optional<StepTimes> times) {
    this.cache = cache;
    this.limits = limits;
    this.times = times;
    width = limits.runningSequences();
  }

  /** Resets the policy, because new sequences have arrived. */
  void reset() {
    started = false;
    width = limits.runningSequences();
  }

  /** Starts the policy if all sequences fit, and sorts the waiting ones. */
  void startIfAllFit(List<Sequence> running, Deque<Sequence> waiting) {
    if (started || !allFit(running, waiting)) {
      return;
    }
    List<Sequence> sorted = new ArrayList<>(waiting);
    sorted.sort(Comparator.comparingInt(Sequence::remainingOutput).reversed());
    waiting.clear();
    waiting.addAll(sorted);
    times.ifPresent(known -> width = width(running, sorted, known));
    started = true;
  }

  /** Number of waiting sequences that may start now. */
  int admissions(int running, int waiting) {
    int free = width - running;
    boolean few = started && free < waiting && free < width / REFILL_FRACTION;
    return few ? 0 : free;
  }

  /**
   * Whether all sequences can run to their end at the same time, and do not all start within a few
   * steps.
   */
  private boolean allFit(Collection<Sequence> running, Collection<Sequence> waiting) {
    if (running.size() + waiting.size() > limits.runningSequences()) {
      return false;
    }
    int[] lengths = new int[running.size() + waiting.size()];
    int count = 0;
    long prompts = 0;
    for (Sequence sequence : running) {
      lengths[count++] = sequence.remainingOutput();
    }
    for (Sequence sequence : waiting) {
      lengths[count++] = sequence.length() + sequence.treeSize() + sequence.remainingOutput();
      prompts += sequence.length();
    }
    return prompts >= (long) MIN_PREFILL_STEPS * limits.stepTokens()
        && cache.fitFreeBlocks(lengths);
  }

  private int width(List<Sequence> running, List<Sequence> waiting, StepTimes known) {
    int stepTokens = limits.stepTokens();
    int[] outputs = new int[running.size() + waiting.size()];
    int count = 0;
    for (List<Sequence> sequences : List.of(running, waiting)) {
      for (Sequence sequence : sequences) {
        outputs[count++] = sequence.remainingOutput();
      }
    }
    return new RunningLimit(
            outputs, running.size(), tokens -> known.seconds(Math.min(tokens, stepTokens)))
        .best();
  }
}
