package io.nightshift.runtime.engine;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepInFlight;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.scheduler.ScheduledSequence;
import io.nightshift.runtime.scheduler.Scheduler;
import io.nightshift.runtime.scheduler.SchedulerCounters;
import io.nightshift.runtime.scheduler.SchedulerLimits;
import io.nightshift.runtime.scheduler.SchedulerOutput;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests. Add requests with {@link #add}, call {@link #step} while {@link
 * #hasUnfinished}, and take the completions that it returns. Keep more requests in the engine than
 * run at a time, in planned order (rows that share a prefix are adjacent): the engine looks ahead,
 * and steps stay full.
 *
 * <p>An answer depends on its own request only, and not on order, batching, prefix caching or
 * preemption, up to rounding in the runner. If the logits of a request are not finite, its blocks
 * are removed from the prefix cache; if it has reused a prefix, it is computed once more without
 * the cache.
 *
 * <p>Not thread-safe. Owns the runner and closes it.
 *
 * <p>Design: continuous batching over a paged KV cache, as in vLLM (Kwon et al., 2023).
 */
public final class LlmEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LlmEngine.class);

  private final ModelRunner runner;
  private final KvCache cache;
  private final Scheduler scheduler;
  private final SwapCost swapCost;
  private final LogitsWorkers workers;
  private final RequestChecker checker;
  private final ActiveRequestFactory requests;
  private final Map<Sequence, ActiveRequest> active = new HashMap<>();

  /** Completions of requests that never reach the scheduler. */
  private final List<Completion> immediate = new ArrayList<>();

  private final int maxRunningSequences;
  private @Nullable ChoicePlan lastPlan;
  private @Nullable SubmittedStep inFlight;
  private long finished;
  private long failed;
  private long outputTokens;
  private long forcedTokens;
  private long maskNanos;

  public LlmEngine(ModelRunner runner, Detokenizer detokenizer, EngineConfig config) {
    this.runner = runner;
    maxRunningSequences = config.maxRunningSequences();
    int stepTokens = Math.min(config.maxStepTokens(), runner.maxStepTokens());
    cache = new KvCache(runner.blockGroups(), runner.blockSize(), stepTokens, runner.hostBlocks());
    swapCost = new SwapCost(runner);
    scheduler =
        new Scheduler(
            cache,
            new SchedulerLimits(
                stepTokens,
                config.maxStepLogits(),
                config.maxRunningSequences(),
                runner.maxStepInputs()),
            runner.stepTimes(),
            swapCost::isSwapCheaper);
    workers = new LogitsWorkers(config.threads(), runner.config().vocabularySize());
    checker =
        new RequestChecker(
            runner.config().vocabularySize(),
            runner.config().maxPositions(),
            cache.maxTokens(),
            Math.min(Math.min(stepTokens, config.maxStepLogits()) - 1, largestTree()));
    requests =
        new ActiveRequestFactory(runner.config(), checker, detokenizer, config.forcedTokens());
  }

  /** Maximum number of requests that are answered at the same time. */
  public int maxRunningSequences() {
    return maxRunningSequences;
  }

  /** Maximum number of nodes of a tree whose inputs fit into a step after any context. */
  private int largestTree() {
    long longestTable = (long) cache.groupCount() * cache.blocksFor(runner.config().maxPositions());
    return StepInputs.largestTree(runner.maxStepInputs() - longestTable);
  }

  /**
   * Adds a request at the end of the queue. If it can never be answered, the next step returns a
   * completion with an error; if its constraint allows one answer only, that answer.
   */
  public void add(Request request) {
    ChoicePlan plan = request.choices().map(this::plan).orElse(null);
    Optional<Completion> error = checker.check(request, plan);
    if (error.isPresent()) {
      immediate.add(error.get());
      return;
    }
    ActiveRequest activated = activate(request, plan);
    Completion completion = begin(activated);
    if (completion == null) {
      scheduler.add(activated.sequence);
    } else {
      active.remove(activated.sequence);
      immediate.add(completion);
    }
  }

  private @Nullable Completion begin(ActiveRequest request) {
    Completion completion = request.begin();
    outputTokens += request.sequence.outputLength();
    forcedTokens += request.forcedTokens();
    return completion;
  }

  private ActiveRequest activate(Request request, @Nullable ChoicePlan plan) {
    ActiveRequest activated = requests.create(request, plan);
    active.put(activated.sequence, activated);
    return activated;
  }

  /**
   * Returns the plan of the choices, which are usually the same object for all requests of a job.
   */
  private ChoicePlan plan(Choices choices) {
    ChoicePlan plan = lastPlan;
    if (plan == null || plan.choices() != choices) {
      plan = ChoicePlan.of(choices, checker.maxTreeNodes());
      lastPlan = plan;
    }
    return plan;
  }

  /** Whether {@link #step} has work to do or completions to return. */
  public boolean hasUnfinished() {
    return !immediate.isEmpty() || scheduler.hasUnfinished();
  }

  /**
   * Submits a step for as many requests as fit, and processes the results of the previous one: the
   * device computes while the host samples, schedules and finds which tokens constraints allow. If
   * the runner does not support that, the results of the submitted step are processed at once.
   *
   * @return the completions of requests that have finished; may be empty
   * @throws io.nightshift.runtime.runner.DeviceException if the device has failed; the engine must
   *     then be closed
   */
  public List<Completion> step() {
    List<Completion> completions = new ArrayList<>(immediate);
    immediate.clear();
    SubmittedStep next = submitNext();
    if (inFlight != null) {
      finish(inFlight, completions);
    }
    inFlight = next;
    if (next != null) {
      next.result().sample();
      // Nobody needs a step whose requests have all ended with the one before, but the runner's
      // next
      // engine would find it in flight.
      if (!next.result().tokensStayOnDevice() || !scheduler.hasUnfinished()) {
        finish(next, completions);
        inFlight = null;
      }
    }
    count(completions);
    return completions;
  }

  /** Returns null if nothing can be computed before the step in flight completes. */
  private @Nullable SubmittedStep submitNext() {
    if (!scheduler.hasUnfinished()) {
      return null;
    }
    SchedulerOutput scheduled = scheduler.schedule();
    if (scheduled.sequences().isEmpty()) {
      return null;
    }
    List<StepSequence> queries = new ArrayList<>();
    List<LogitsRequest> logits = new ArrayList<>();
    List<Advance> advances = new ArrayList<>();
    List<RowUse> uses = new ArrayList<>();
    List<PoolingRequest> pooling = new ArrayList<>();
    List<ActiveRequest> pooled = new ArrayList<>();
    int firstToken = 0;
    for (ScheduledSequence part : scheduled.sequences()) {
      queries.add(part.query());
      ActiveRequest request = activeRequest(part.sequence());
      PoolingRequest states = request.poolingRequest(part, firstToken);
      if (states != null) {
        pooling.add(states);
        pooled.add(request);
      }
      if (part.last()) {
        Advance advance = new Advance(request, part.sequence().length(), request.isScoring());
        advances.add(advance);
        int index = 0;
        for (LogitsRequest row : request.logitsRequests(firstToken + part.ordinaryTokens() - 1)) {
          uses.add(new RowUse(advance, index++, logits.size()));
          logits.add(row);
        }
      }
      firstToken += part.query().tokens().length;
    }
    StepBatch batch =
        new StepBatch(
            queries, scheduled.copies().host(), scheduled.copies().blocks(), logits, pooling);
    if (cache.hasHostBlocks()) {
      swapCost.submitting(batch.tokenCount());
    }
    StepInFlight result = runner.submit(batch);
    if (result.tokensStayOnDevice()) {
      uses.forEach(use -> use.advance().request().continueInFlight(use.row()));
    }
    return new SubmittedStep(advances, uses, pooled, result);
  }

  /** Samples or scores from every row of logits, and completes requests that have finished. */
  private void finish(SubmittedStep step, List<Completion> completions) {
    Logits logits = step.result().await();
    List<RowUse> uses = step.uses().stream().filter(use -> isWanted(use.advance())).toList();
    workers.forEachRow(uses.size(), (i, workspace) -> uses.get(i).use(logits, workspace));
    List<ActiveRequest> pooled = step.pooled();
    workers.forEachRow(pooled.size(), (i, workspace) -> pooled.get(i).tryUsePooled(logits, i));
    List<ActiveRequest> requests =
        step.advances().stream().filter(this::isWanted).map(Advance::request).toList();
    advanceConstraints(requests.stream().filter(ActiveRequest::isConstrained).toList());
    for (ActiveRequest request : requests) {
      advance(request, completions);
    }
  }

  /**
   * Whether a step's results are of use. Not if the request ended with the previous step, after
   * this one was submitted, or if that step's token was followed by forced ones, or by a field to
   * score.
   */
  private boolean isWanted(Advance advance) {
    return isActive(advance.request())
        && advance.length() >= advance.request().sequence.knownLength()
        && advance.scored() == advance.request().isScoring();
  }

  private void advanceConstraints(List<ActiveRequest> constrained) {
    if (!constrained.isEmpty()) {
      long start = System.nanoTime();
      workers.forEachRow(
          constrained.size(), (i, workspace) -> constrained.get(i).advanceConstraint());
      maskNanos += System.nanoTime() - start;
    }
  }

  private void advance(ActiveRequest request, List<Completion> completions) {
    Sequence sequence = request.sequence;
    Completion failed = request.failed();
    if (failed != null) {
      active.remove(sequence);
      scheduler.discard(sequence);
      retryOrGiveUp(request, failed, completions);
      return;
    }
    int before = sequence.outputLength();
    int forcedBefore = request.forcedTokens();
    Completion completion = request.advance();
    outputTokens += sequence.outputLength() - before;
    forcedTokens += request.forcedTokens() - forcedBefore;
    if (completion != null) {
      active.remove(sequence);
      scheduler.finish(sequence);
      completions.add(completion);
      if (sequence.isRetried()) {
        LOG.warn(
            "Request {}: the logits were not finite with its cached prefix, but are finite without it; removed the prefix from the cache",
            completion.id());
        scheduler.discardPrefix(sequence);
      }
    }
  }

  /** The cause may be the prefix, which another request has computed. */
  private void retryOrGiveUp(
      ActiveRequest request, Completion failed, List<Completion> completions) {
    if (request.sequence.reusesPrefix()) {
      ChoicePlan plan = request.request.choices().map(this::plan).orElse(null);
      ActiveRequest again = activate(request.request, plan);
      begin(again);
      scheduler.retry(request.sequence, again.sequence);
    } else {
      completions.add(failed);
    }
  }

  /**
   * A step whose results have not been processed yet.
   *
   * @param advances requests that it advances
   * @param uses what its logits rows are used for
   * @param pooled the requests that use its pooled hidden states, in the order of these
   */
  private record SubmittedStep(
      List<Advance> advances, List<RowUse> uses, List<ActiveRequest> pooled, StepInFlight result) {}

  /**
   * A request that a step advances.
   *
   * @param length length of its sequence when the step was submitted
   * @param scored whether the step scores a tree
   */
  private record Advance(ActiveRequest request, int length, boolean scored) {}

  /** The request that uses a logits row, and the index of the row among those of the request. */
  private record RowUse(Advance advance, int index, int row) {

    void use(Logits logits, LogitsWorkspace workspace) {
      advance.request().tryUseLogits(index, logits, row, workspace);
    }
  }

  private boolean isActive(ActiveRequest request) {
    return active.containsKey(request.sequence);
  }

  private ActiveRequest activeRequest(Sequence sequence) {
    return Objects.requireNonNull(active.get(sequence), "scheduled sequence is not active");
  }

  private void count(List<Completion> completions) {
    finished += completions.size();
    for (Completion completion : completions) {
      failed += completion.finishReason() == FinishReason.ERROR ? 1 : 0;
    }
  }

  /**
   * Returns the statistics so far. Cheap. Must be called from the thread that calls {@link #step}.
   */
  public EngineStatistics statistics() {
    SchedulerCounters counters = scheduler.counters();
    return new EngineStatistics(
        scheduler.waitingCount(),
        scheduler.runningCount(),
        finished,
        failed,
        counters.steps(),
        counters.promptTokens(),
        counters.cachedTokens(),
        outputTokens,
        forcedTokens,
        counters.treeTokens(),
        counters.recomputedTokens(),
        counters.preemptions(),
        cache.blockCount() - cache.availableBlocks(),
        cache.cachedBlocks(),
        cache.blockCount(),
        maskNanos / 1e9,
        cache.hostCounts());
  }

  /** Frees the device and drops unfinished requests. */
  @Override
  public void close() {
    workers.close();
    runner.close();
  }
}
