package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.kvcache.BlockTable;
import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.StepTimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tokens of each step: continuous batching with chunked prefill (Orca, Yu et al., 2022;
 * Sarathi, Agrawal et al., 2023) on paged KV blocks (vLLM, Kwon et al., 2023).
 *
 * <p>A step first serves the running sequences in the order of their admission: each decode gets
 * its token, and an unfinished prefill its next chunk. It then admits waiting sequences in the
 * given order, as long as there is room for tokens, logits and blocks. A sequence is admitted with
 * the blocks of its entire prompt; only decodes allocate more. If blocks run out, the sequence that
 * was admitted last is preempted: it loses its blocks and waits at the head of the queue to be
 * recomputed; with host memory, only what did not fit there. The oldest sequence therefore always
 * makes progress.
 *
 * <p>Sequences should be added in planned order, in which rows that share a prefix are adjacent.
 * The blocks of a prompt are in the prefix tree before the next prompt is admitted, so that
 * neighbors share full blocks even if they are admitted in the same step.
 *
 * <p>Once all remaining work is known, {@link TailPolicy} decides the order of admission.
 */
public final class Scheduler {

  /** Number of waiting sequences whose prefixes are evicted only if no others can be. */
  private static final int LOOK_AHEAD = 64;

  private final KvCache cache;
  private final SchedulerLimits limits;
  private final TailPolicy tailPolicy;
  private final BooleanSupplier swaps;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();

  /** Waiting sequences that are not announced to a cache with host memory yet. */
  private final Deque<Sequence> unannounced = new ArrayDeque<>();

  private final SchedulerCounters counters = new SchedulerCounters();
  private long added;
  private long expected = -1;

  // State of the current step.
  private List<ScheduledSequence> scheduled = List.of();
  private int tokensLeft;
  private int logitsLeft;
  private long inputsLeft;

  /**
   * A scheduler that keeps the blocks of preempted sequences in host memory, if the cache has any.
   *
   * @param times times of steps, if known
   */
  public Scheduler(KvCache cache, SchedulerLimits limits, Optional<StepTimes> times) {
    this(cache, limits, times, () -> true);
  }

  /**
   * @param times times of steps, if known
   * @param swaps whether, at the time, a preempted sequence is better copied to host memory and
   *     back than computed again
   */
  public Scheduler(
      KvCache cache, SchedulerLimits limits, Optional<StepTimes> times, BooleanSupplier swaps) {
    this.cache = cache;
    this.swaps = swaps;
    this.limits = limits;
    tailPolicy = new TailPolicy(cache, limits, times);
  }

  /**
   * Adds a sequence at the end of the queue. The caller has checked that the sequence fits into an
   * empty cache and, with its tree, into one step.
   */
  public void add(Sequence sequence) {
    sequence.planIndex = added++;
    waiting.add(sequence);
    awaitAnnouncement(sequence);
    tailPolicy.reset();
  }

  public boolean hasUnfinished() {
    return !waiting.isEmpty() || !running.isEmpty();
  }

  public int waitingCount() {
    return waiting.size();
  }

  public int runningCount() {
    return running.size();
  }

  public SchedulerCounters counters() {
    return counters;
  }

  /**
   * Schedules the next step and counts it as computed: the caller runs it, then appends the new
   * tokens or calls {@link #finish}. While a step is in flight, the next one may be scheduled if
   * unknown tokens were appended to the sequences that continue.
   *
   * @return an empty step if all sequences wait for the step in flight
   * @throws IllegalStateException if there is no work, or a sequence can never fit
   */
  public SchedulerOutput schedule() {
    scheduled = new ArrayList<>();
    tokensLeft = limits.stepTokens();
    logitsLeft = limits.stepLogits();
    inputsLeft = limits.stepInputs();
    cache.beginStep(nextNumber());
    announceLookAhead();
    if (scheduleRunning()) {
      tailPolicy.startIfAllFit(running, waiting);
      admitWaiting();
    }
    if (scheduled.isEmpty() && !waitsForResults()) {
      throw new IllegalStateException(
          "nothing can be scheduled: %s waiting, %s running, %s of %s blocks available"
              .formatted(
                  waiting.size(), running.size(), cache.availableBlocks(), cache.blockCount()));
    }
    counters.steps += scheduled.isEmpty() ? 0 : 1;
    return new SchedulerOutput(scheduled, cache.endStep());
  }

  private boolean waitsForResults() {
    return Stream.concat(running.stream(), waiting.stream())
        .anyMatch(sequence -> !sequence.hasWork());
  }

  private long nextNumber() {
    Sequence next = waiting.peek();
    return next == null ? added : next.planIndex;
  }

  /** Announces sequences to the cache once they are within the look-ahead. */
  private void announceLookAhead() {
    if (cache.hasHostBlocks()) {
      while (!unannounced.isEmpty() && cache.announcesMore()) {
        announce(unannounced.remove());
      }
      return;
    }
    int ahead = 0;
    for (Sequence sequence : waiting) {
      if (ahead++ == LOOK_AHEAD) {
        return;
      }
      if (sequence.planIndex > expected) {
        expected = sequence.planIndex;
        cache.expect(
            sequence.tokens(), sequence.length(), sequence.longContext(), sequence.planIndex);
      }
    }
  }

  private void awaitAnnouncement(Sequence sequence) {
    if (cache.hasHostBlocks() && !sequence.uncached) {
      unannounced.add(sequence);
    }
  }

  private void announce(Sequence sequence) {
    sequence.announced = true;
    cache.announce(
        sequence.tokens(), sequence.knownLength(), sequence.longContext(), sequence.planIndex);
  }

  /** A sequence waits no more. */
  private void withdraw(Sequence sequence) {
    if (sequence.announced) {
      sequence.announced = false;
      cache.withdraw(
          sequence.tokens(), sequence.knownLength(), sequence.longContext(), sequence.planIndex);
    } else if (cache.hasHostBlocks() && !sequence.uncached) {
      unannounced.remove(sequence);
    }
  }

  /**
   * Returns whether sequences may be admitted: all running ones were served, and none was
   * preempted.
   */
  private boolean scheduleRunning() {
    boolean preempted = false;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      if (!sequence.hasWork()) {
        continue;
      }
      int count = nextChunk(sequence);
      if (count == 0) {
        return false;
      }
      while (!grow(sequence, count)) {
        preempted = true;
        if (preemptLast() == sequence) {
          return false;
        }
      }
      schedule(sequence, count);
    }
    return !preempted;
  }

  private void admitWaiting() {
    int limit = running.size() + tailPolicy.admissions(running.size(), waiting.size());
    while (running.size() < limit && tokensLeft > 0 && logitsLeft > 0) {
      Sequence sequence = waiting.peek();
      if (sequence == null || !sequence.hasWork() || !hasInputsFor(sequence)) {
        return;
      }
      BlockTable table = cache.newTable(sequence.longContext());
      // A prompt of one token has no prefix, since the last token is never taken from the cache.
      int prefixOf = sequence.uncached ? 1 : sequence.length();
      int cached =
          cache.admit(
              table,
              sequence.tokens(),
              prefixOf,
              sequence.length() + sequence.treeSize(),
              spareBlocks(),
              sequence.planIndex);
      if (cached < 0) {
        return;
      }
      waiting.remove();
      withdraw(sequence);
      running.add(sequence);
      sequence.blocks = table;
      sequence.computedTokens = cached;
      sequence.reusesPrefix |= cached > 0;
      counters.cachedTokens += sequence.countCachedTokens();
      int count = nextChunk(sequence);
      if (count == 0) {
        return;
      }
      if (!grow(sequence, count)) {
        throw new IllegalStateException(
            "no blocks for the first step of sequence " + sequence.planIndex);
      }
      schedule(sequence, count);
    }
  }

  /** Returns whether the cache has room for the next {@code count} tokens of a sequence. */
  private boolean grow(Sequence sequence, int count) {
    int end = sequence.computedTokens + count;
    int capacity = end == sequence.length() ? end + sequence.treeSize() : end;
    return cache.grow(blocksOf(sequence), sequence.firstQuery(), capacity);
  }

  /**
   * Number of blocks that must be left after an admission: one for each decode. Otherwise the new
   * sequence could be preempted as soon as the others need their next block.
   */
  private int spareBlocks() {
    int decodes = 0;
    for (Sequence sequence : running) {
      if (sequence.tree() == null) {
        decodes++;
      }
    }
    return decodes;
  }

  /**
   * Returns the number of tokens of a sequence that the step can compute. The last token is
   * computed together with the tree of the sequence and needs room for its logits; without room for
   * them, it is left for a later step.
   */
  private int nextChunk(Sequence sequence) {
    if (!hasInputsFor(sequence)) {
      return 0;
    }
    int remaining = sequence.length() - sequence.computedTokens;
    if (remaining + sequence.treeSize() <= tokensLeft && sequence.logitsRows() <= logitsLeft) {
      return remaining;
    }
    return Math.min(tokensLeft, remaining - 1);
  }

  private boolean hasInputsFor(Sequence sequence) {
    return scheduled.isEmpty() || inputsOf(sequence) <= inputsLeft;
  }

  /** Number of inputs of the last chunk of a sequence, which has the most. */
  private long inputsOf(Sequence sequence) {
    long blocks = cache.blocksFor(sequence.length() + sequence.treeSize());
    return cache.groupCount() * blocks + sequence.inputs();
  }

  private void schedule(Sequence sequence, int count) {
    int start = sequence.computedTokens;
    int end = start + count;
    boolean last = end == sequence.length();
    TokenTree tree = last ? sequence.tree() : null;
    scheduled.add(new ScheduledSequence(sequence, query(sequence, start, end, tree), start, last));
    sequence.computedTokens = end;
    tokensLeft -= count + (tree == null ? 0 : tree.size());
    logitsLeft -= last ? sequence.logitsRows() : 0;
    inputsLeft -= inputsOf(sequence);
    counters.countTokens(sequence, start, end, tree == null ? 0 : tree.size());
    if (start < sequence.promptLength() && !sequence.uncached) {
      sequence.reusesPrefix |=
          cache.insert(
              blocksOf(sequence),
              sequence.tokens(),
              sequence.promptLength(),
              end,
              sequence.planIndex);
    }
    if (tokensLeft < 0 || logitsLeft < 0) {
      throw new IllegalStateException("the step has more tokens or logits than its budget");
    }
  }

  private StepSequence query(Sequence sequence, int start, int end, @Nullable TokenTree tree) {
    int context = tree == null ? end : end + tree.size();
    int[][] blocks = blocksOf(sequence).first(cache.blocksFor(context));
    int[] tokens = Arrays.copyOfRange(sequence.tokens(), start, end);
    if (tree == null || tree.size() == 0) {
      return new StepSequence(tokens, context, blocks, null, sequence.longContext());
    }
    int[] withTree = Arrays.copyOf(tokens, context - start);
    System.arraycopy(tree.tokens(), 0, withTree, tokens.length, tree.size());
    return new StepSequence(withTree, context, blocks, tree.parents(), sequence.longContext());
  }

  private Sequence preemptLast() {
    Sequence victim = running.remove(running.size() - 1);
    if (cache.hasHostBlocks() && !victim.uncached) {
      if (swaps.getAsBoolean()) {
        int known = Math.min(victim.computedTokens, victim.knownLength());
        cache.keep(blocksOf(victim), victim.tokens(), known, victim.planIndex);
      }
      announce(victim);
    }
    cache.release(blocksOf(victim));
    victim.blocks = null;
    victim.computedBeforePreemption =
        Math.max(victim.computedBeforePreemption, victim.computedTokens);
    victim.computedTokens = 0;
    waiting.addFirst(victim);
    counters.preemptions++;
    return victim;
  }

  /**
   * Removes a sequence and frees its blocks. It may be part of the step in flight: the device runs
   * steps in order, so the next owner of the blocks writes to them later.
   */
  public void finish(Sequence sequence) {
    if (running.remove(sequence)) {
      cache.release(blocksOf(sequence));
      sequence.blocks = null;
    } else if (waiting.remove(sequence)) {
      withdraw(sequence);
    } else {
      throw new IllegalStateException(
          "sequence " + sequence.planIndex + " neither runs nor waits after a preemption");
    }
  }

  /**
   * Removes a sequence as {@link #finish} does, and removes the blocks that it has computed from
   * the prefix cache, because their contents are unusable.
   */
  public void discard(Sequence sequence) {
    cache.discard(
        sequence.tokens(), sequence.promptLength(), sequence.longContext(), sequence.planIndex);
    if (cache.hasHostBlocks()) {
      // After a preemption, output tokens are in the tree too.
      cache.discard(
          sequence.tokens(), sequence.knownLength(), sequence.longContext(), sequence.planIndex);
    }
    finish(sequence);
  }

  /**
   * Adds a discarded sequence at the head of the queue again, to be computed without the prefix
   * cache.
   *
   * @param again a new sequence with the same prompt
   */
  public void retry(Sequence discarded, Sequence again) {
    again.planIndex = discarded.planIndex;
    again.uncached = true;
    again.retried = true;
    again.computedBeforePreemption = again.promptLength();
    waiting.addFirst(again);
    tailPolicy.reset();
  }

  /** Removes all blocks of the prompt of a sequence from the prefix cache. */
  public void discardPrefix(Sequence sequence) {
    cache.discardPrefix(sequence.tokens(), sequence.promptLength(), sequence.longContext());
  }

  private static BlockTable blocksOf(Sequence sequence) {
    BlockTable blocks = sequence.blocks;
    if (blocks == null) {
      throw new IllegalStateException("sequence " + sequence.planIndex + " has no blocks");
    }
    return blocks;
  }
}
