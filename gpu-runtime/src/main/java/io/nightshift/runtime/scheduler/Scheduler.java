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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tokens of each step: continuous batching with chunked prefill (Orca, Yu et al., 2022;
 * Sarathi, Agrawal et al., 2023) on paged KV blocks (vLLM, Kwon et al., 2023).
 *
 * <p>A step first serves the running sequences in the order of their admission, which gives each
 * decode its token and a half-done prompt its next chunk, then admits waiting sequences in the
 * given order while tokens, logits and blocks last. A sequence is admitted with the blocks of its
 * whole prompt; only decodes grow. Where blocks run out, the sequence that was admitted last is
 * pre-empted: it loses its blocks and waits at the head of the queue to be computed again. The
 * oldest sequence therefore always advances, and with it the whole.
 *
 * <p>The order of {@link #add} is taken for the plan's: rows that share a prefix come one after the
 * other. What a prompt computes in a step is in the prefix tree before the next prompt is looked
 * at, so neighbours that are admitted in the same step share whole blocks too.
 *
 * <p>The end of the work, which is all known, has its own order and bounds: {@link TailPolicy}.
 */
public final class Scheduler {

  /** Waiting sequences whose prefixes are kept from eviction as long as others can go. */
  private static final int LOOK_AHEAD = 64;

  private final KvCache cache;
  private final SchedulerLimits limits;
  private final TailPolicy tailPolicy;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private final SchedulerCounters counters = new SchedulerCounters();
  private long added;
  private long expected = -1;

  // The step at hand.
  private List<ScheduledSequence> scheduled = List.of();
  private int tokensLeft;
  private int logitsLeft;
  private long inputsLeft;

  /**
   * @param times of steps, where they are known
   */
  public Scheduler(KvCache cache, SchedulerLimits limits, Optional<StepTimes> times) {
    this.cache = cache;
    this.limits = limits;
    tailPolicy = new TailPolicy(cache, limits, times);
  }

  /**
   * Queues a sequence behind all others. The caller has checked that the sequence fits an empty
   * cache and, with its tree, one step.
   */
  public void add(Sequence sequence) {
    sequence.planIndex = added++;
    waiting.add(sequence);
    tailPolicy.putOff();
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
   * Chooses the next step and counts it as computed: the caller runs it, then appends the new
   * tokens or calls {@link #finish}. While a step runs, the next one may be chosen if unknown
   * tokens were appended to the sequences that go on.
   *
   * @return an empty step if all that could be computed waits for a step in flight
   * @throws IllegalStateException if there is nothing to do, or a sequence can never fit
   */
  public SchedulerOutput schedule() {
    scheduled = new ArrayList<>();
    tokensLeft = limits.stepTokens();
    logitsLeft = limits.stepLogits();
    inputsLeft = limits.stepInputs();
    cache.beginStep(nextNumber());
    announceLookAhead();
    if (scheduleRunning()) {
      tailPolicy.beginIfAllFit(running, waiting);
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

  /** Tells the cache about sequences that have come within the look-ahead, each once. */
  private void announceLookAhead() {
    int ahead = 0;
    for (Sequence sequence : waiting) {
      if (ahead++ == LOOK_AHEAD) {
        return;
      }
      if (sequence.planIndex > expected) {
        expected = sequence.planIndex;
        cache.expect(sequence.tokens(), sequence.length(), sequence.planIndex);
      }
    }
  }

  /** Returns whether sequences may be admitted: all running ones were served, none pre-empted. */
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
      while (!cache.grow(blocksOf(sequence), capacityFor(sequence, count))) {
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
    int most = running.size() + tailPolicy.admissions(running.size(), waiting.size());
    while (running.size() < most && tokensLeft > 0 && logitsLeft > 0) {
      Sequence sequence = waiting.peek();
      if (sequence == null || !sequence.hasWork() || !hasInputsFor(sequence)) {
        return;
      }
      BlockTable table = cache.newTable();
      // The first token alone has no prefix.
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
      running.add(sequence);
      sequence.blocks = table;
      sequence.computedTokens = cached;
      sequence.reusesPrefix |= cached > 0;
      counters.cachedTokens += sequence.countCachedTokens();
      int count = nextChunk(sequence);
      if (count == 0) {
        return;
      }
      schedule(sequence, count);
    }
  }

  /**
   * Blocks that an admission must leave: one for each decode, so that a sequence is not admitted
   * only to be pre-empted before the others have filled one block more.
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
   * Tokens that the step can compute of a sequence. The last token goes together with the
   * sequence's tree and needs room for its logits; without room for these, one token is left over.
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

  /** Inputs of a sequence's last chunk, which has the most. */
  private long inputsOf(Sequence sequence) {
    return cache.blocksFor(sequence.length() + sequence.treeSize()) + sequence.inputs();
  }

  private static int capacityFor(Sequence sequence, int count) {
    int end = sequence.computedTokens + count;
    return end == sequence.length() ? end + sequence.treeSize() : end;
  }

  private void schedule(Sequence sequence, int count) {
    int start = sequence.computedTokens;
    int end = start + count;
    boolean last = end == sequence.length();
    TokenTree tree = last ? sequence.tree() : null;
    scheduled.add(new ScheduledSequence(sequence, query(sequence, start, end, tree), last));
    sequence.computedTokens = end;
    tokensLeft -= count + (tree == null ? 0 : tree.size());
    logitsLeft -= last ? sequence.logitsRows() : 0;
    inputsLeft -= inputsOf(sequence);
    counters.countTokens(sequence, start, end, tree == null ? 0 : tree.size());
    if (start < sequence.promptLength() && !sequence.uncached) {
      cache.insert(
          blocksOf(sequence), sequence.tokens(), sequence.promptLength(), end, sequence.planIndex);
    }
    if (tokensLeft < 0 || logitsLeft < 0) {
      throw new IllegalStateException("the step has more tokens or logits than its budget");
    }
  }

  private StepSequence query(Sequence sequence, int start, int end, @Nullable TokenTree tree) {
    int context = tree == null ? end : end + tree.size();
    int[] blocks = blocksOf(sequence).first(cache.blocksFor(context));
    int[] tokens = Arrays.copyOfRange(sequence.tokens(), start, end);
    if (tree == null || tree.size() == 0) {
      return new StepSequence(tokens, context, blocks, null);
    }
    int[] withTree = Arrays.copyOf(tokens, context - start);
    System.arraycopy(tree.tokens(), 0, withTree, tokens.length, tree.size());
    return new StepSequence(withTree, context, blocks, tree.parents());
  }

  private Sequence preemptLast() {
    Sequence victim = running.remove(running.size() - 1);
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
   * Takes a sequence out and frees its blocks. It may be part of the step in flight: the device
   * does steps in order, so that the blocks' next owner writes to them after that.
   */
  public void finish(Sequence sequence) {
    if (running.remove(sequence)) {
      cache.release(blocksOf(sequence));
      sequence.blocks = null;
    } else if (!waiting.remove(sequence)) {
      throw new IllegalStateException(
          "sequence " + sequence.planIndex + " neither runs nor waits after a pre-emption");
    }
  }

  /**
   * Takes a sequence out as {@link #finish} does, and what it has computed of its prompt out of the
   * prefix cache: it is not to be trusted.
   */
  public void discard(Sequence sequence) {
    cache.discard(sequence.tokens(), sequence.promptLength(), sequence.planIndex);
    finish(sequence);
  }

  /**
   * Queues a discarded sequence once more, before all others and without the prefix cache.
   *
   * @param again the same prompt, from its beginning
   */
  public void retry(Sequence discarded, Sequence again) {
    again.planIndex = discarded.planIndex;
    again.uncached = true;
    again.computedBeforePreemption = again.promptLength();
    waiting.addFirst(again);
    tailPolicy.putOff();
  }

  /** Takes all that the prefix cache has of a sequence's prompt out of it. */
  public void discardPrefix(Sequence sequence) {
    cache.discardPrefix(sequence.tokens(), sequence.promptLength());
  }

  private static BlockTable blocksOf(Sequence sequence) {
    BlockTable blocks = sequence.blocks;
    if (blocks == null) {
      throw new IllegalStateException("sequence " + sequence.planIndex + " has no blocks");
    }
    return blocks;
  }
}
