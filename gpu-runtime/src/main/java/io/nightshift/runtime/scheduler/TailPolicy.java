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
 * The rest of the work from when all that wait could run beside those that run, and no block has to
 * be taken from a prefix: the order is of little use then. The longest outputs start first, if the
 * prompts take many steps, and where step times are known, only as many run at a time as make the
 * end come soonest ({@link RunningLimit}).
 */
final class TailPolicy {
  /** Steps of prompts from which on it counts which of them is computed first. */
  private static final int LEAST_PROMPT_STEPS = 4;

  /** Places that are filled together, as a share of all: each time costs a step of its own kind. */
  private static final int ADMISSIONS = 8;

  private final KvCache cache;
  private final SchedulerLimits limits;
  private final Optional<StepTimes> times;
  private boolean begun;
  private int width;

  TailPolicy(KvCache cache, SchedulerLimits limits, Optional<StepTimes> times) {
    this.cache = cache;
    this.limits = limits;
    this.times = times;
    width = limits.runningSequences();
  }

  /** Says that there is more to do than was known. */
  void putOff() {
    begun = false;
    width = limits.runningSequences();
  }

  /** Begins when all fit, and sorts those that wait. */
  void beginIfAllFit(List<Sequence> running, Deque<Sequence> waiting) {
    if (begun || !allFit(running, waiting)) {
      return;
    }
    List<Sequence> sorted = new ArrayList<>(waiting);
    sorted.sort(Comparator.comparingInt(Sequence::remainingOutput).reversed());
    waiting.clear();
    waiting.addAll(sorted);
    times.ifPresent(known -> width = width(running, sorted, known));
    begun = true;
  }

  /** How many of {@code waiting} sequences may start now. */
  int admissions(int running, int waiting) {
    int free = width - running;
    boolean few = begun && free < waiting && free < width / ADMISSIONS;
    return few ? 0 : free;
  }

  /**
   * Whether all can run at the same time to their end, and will not start in the same few steps.
   */
  private boolean allFit(Collection<Sequence> running, Collection<Sequence> waiting) {
    if (running.size() + waiting.size() > limits.runningSequences()) {
      return false;
    }
    long blocks = 0;
    long prompts = 0;
    for (Sequence sequence : running) {
      blocks += cache.blocksFor(sequence.remainingOutput()) + 1L;
    }
    for (Sequence sequence : waiting) {
      int most = sequence.length() + sequence.treeSize() + sequence.remainingOutput();
      blocks += cache.blocksFor(most) + 1L;
      prompts += sequence.length();
    }
    return blocks <= cache.freeBlocks()
        && prompts >= (long) LEAST_PROMPT_STEPS * limits.stepTokens();
  }

  private int width(List<Sequence> running, List<Sequence> waiting, StepTimes known) {
    int most = limits.stepTokens();
    int[] outputs = new int[running.size() + waiting.size()];
    int count = 0;
    for (List<Sequence> sequences : List.of(running, waiting)) {
      for (Sequence sequence : sequences) {
        outputs[count++] = sequence.remainingOutput();
      }
    }
    return new RunningLimit(
            outputs, running.size(), tokens -> known.seconds(Math.min(tokens, most)))
        .best();
  }
}
