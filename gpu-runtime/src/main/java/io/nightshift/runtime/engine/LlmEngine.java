package io.nightshift.runtime.engine;

import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
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

/**
 * Answers requests: hand them in with {@link #add}, call {@link #step} while {@link #hasUnfinished}
 * and take the finished ones out. Hand in more requests than run at a time, in planned order (rows
 * that share a prefix one after the other): the engine looks ahead, and steps stay full.
 *
 * <p>An answer depends on its own request only, not on the order, the batch, the prefix cache or
 * pre-emption, as far as the runner's arithmetic does not.
 *
 * <p>Not thread-safe. Owns the runner and closes it.
 */
public final class LlmEngine implements AutoCloseable {

  private final ModelRunner runner;
  private final Detokenizer detokenizer;
  private final KvCache cache;
  private final Scheduler scheduler;
  private final LogitsWorkers workers;
  private final RequestChecker checker;
  private final Map<Sequence, ActiveRequest> active = new HashMap<>();
  private final List<Completion> rejected = new ArrayList<>();
  private @Nullable ChoicePlan lastPlan;
  private long finished;
  private long failed;
  private long outputTokens;

  public LlmEngine(ModelRunner runner, Detokenizer detokenizer, EngineOptions options) {
    this.runner = runner;
    this.detokenizer = detokenizer;
    int stepTokens = Math.min(options.maxStepTokens(), runner.maxStepTokens());
    cache = new KvCache(runner.blockCount(), runner.blockSize());
    scheduler =
        new Scheduler(
            cache,
            new SchedulerLimits(
                stepTokens, options.maxStepLogits(), options.maxRunningSequences()));
    workers = new LogitsWorkers(options.samplingThreads(), runner.config().vocabularySize());
    checker =
        new RequestChecker(
            runner.config().vocabularySize(),
            runner.config().maxPositions(),
            runner.blockCount() * runner.blockSize(),
            Math.min(stepTokens, options.maxStepLogits()) - 1);
  }

  /**
   * Queues a request behind all others. One that can never be answered comes out of the next step
   * as a completion with an error.
   */
  public void add(Request request) {
    ChoicePlan plan = request.choices().map(this::plan).orElse(null);
    Optional<Completion> error = checker.check(request, plan);
    if (error.isPresent()) {
      rejected.add(error.get());
      return;
    }
    ActiveRequest added =
        plan == null
            ? new GeneratingRequest(
                request,
                runner.config().endOfSequenceTokens(),
                Math.min(checker.maxPositions(), checker.cacheTokens()),
                detokenizer)
            : new ScoringRequest(request, plan);
    active.put(added.sequence, added);
    scheduler.add(added.sequence);
  }

  /** The plan of choices, which as a rule are the same object for all requests of a job. */
  private ChoicePlan plan(Choices choices) {
    ChoicePlan plan = lastPlan;
    if (plan == null || plan.choices() != choices) {
      plan = ChoicePlan.of(choices, checker.maxTreeNodes());
      lastPlan = plan;
    }
    return plan;
  }

  /** Whether {@link #step} has something to do or to hand out. */
  public boolean hasUnfinished() {
    return !rejected.isEmpty() || scheduler.hasUnfinished();
  }

  /**
   * Does one step for as many requests as fit.
   *
   * @return the requests that it has finished, maybe none
   * @throws io.nightshift.runtime.runner.DeviceException if the device failed; the engine must then
   *     be closed
   */
  public List<Completion> step() {
    List<Completion> completions = new ArrayList<>(rejected);
    rejected.clear();
    if (scheduler.hasUnfinished()) {
      SchedulerOutput scheduled = scheduler.schedule();
      run(scheduled);
      postprocess(scheduled, completions);
    }
    count(completions);
    return completions;
  }

  /** Runs the model, then samples or scores with every row of logits. */
  private void run(SchedulerOutput scheduled) {
    List<StepSequence> queries = new ArrayList<>();
    List<LogitsRequest> wanted = new ArrayList<>();
    List<RowUse> uses = new ArrayList<>();
    int firstToken = 0;
    for (ScheduledSequence part : scheduled.sequences()) {
      queries.add(part.query());
      if (part.last()) {
        ActiveRequest request = activeRequest(part.sequence());
        int index = 0;
        for (LogitsRequest row : request.logitsRequests(firstToken + part.ordinaryTokens() - 1)) {
          wanted.add(row);
          uses.add(new RowUse(request, index++));
        }
      }
      firstToken += part.query().tokens().length;
    }
    Logits logits = runner.run(new StepBatch(queries, scheduled.copies(), wanted));
    workers.forEachRow(
        uses.size(),
        (row, workspace) -> {
          RowUse use = uses.get(row);
          use.request().tryUseLogits(use.index(), logits, row, workspace);
        });
  }

  /** Whose a row of logits is, and which of that request's rows. */
  private record RowUse(ActiveRequest request, int index) {}

  private void postprocess(SchedulerOutput scheduled, List<Completion> completions) {
    for (ScheduledSequence part : scheduled.sequences()) {
      if (part.last()) {
        int before = part.sequence().outputLength();
        Completion completion = activeRequest(part.sequence()).advanceOrFail();
        outputTokens += part.sequence().outputLength() - before;
        if (completion != null) {
          active.remove(part.sequence());
          scheduler.finish(part.sequence());
          completions.add(completion);
        }
      }
    }
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

  /** What has been done so far. Cheap; call it from the thread that steps. */
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
        counters.treeTokens(),
        counters.recomputedTokens(),
        counters.preemptions(),
        cache.blockCount() - cache.availableBlocks(),
        cache.cachedBlocks(),
        cache.blockCount());
  }

  /** Frees the device. Unfinished requests are dropped. */
  @Override
  public void close() {
    workers.close();
    runner.close();
  }
}
