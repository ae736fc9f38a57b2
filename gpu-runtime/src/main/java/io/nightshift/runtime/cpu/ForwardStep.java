package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * One step, which all workers compute together. Every worker runs the same sequence of loops and
 * barriers. Within a loop, workers claim one iteration after another until none is left. There must
 * be a barrier between two loops.
 */
final class ForwardStep {
  private final ForwardBatch batch;
  private final long logits;
  private final PooledStates pooled;
  private final int workers;
  private final StepRows allRows;
  private final StepRows logitsRows;
  private final AtomicInteger nextIteration = new AtomicInteger();
  private final StepBarrier barrier;

  /**
   * @param logits address for the logits of the logits rows, {@code vocabularySize} floats each;
   *     without logits requests none are computed
   */
  ForwardStep(
      ForwardBatch batch,
      ModelConfig config,
      Activations activations,
      long logits,
      PooledStates pooled,
      int workers) {
    this.batch = batch;
    this.logits = logits;
    this.pooled = pooled;
    this.workers = workers;
    int heads = config.attention().keyValueHeads();
    allRows = StepRows.of(batch, batch.allRows(), activations.residual(), heads, workers);
    logitsRows =
        StepRows.of(batch, batch.logitsRows(), activations.logitsResidual(), heads, workers);
    barrier = new StepBarrier(workers, () -> nextIteration.set(0));
  }

  ForwardBatch batch() {
    return batch;
  }

  /** Address of the logits: a row of {@code vocabularySize} floats for each logits row. */
  long logits() {
    return logits;
  }

  /** The sums of hidden states that the step's pooling requests ask for. */
  PooledStates pooled() {
    return pooled;
  }

  /** Number of workers. */
  int workers() {
    return workers;
  }

  /** All tokens of the step. */
  StepRows allRows() {
    return allRows;
  }

  /** The tokens whose output is read, for logits or to be pooled. */
  StepRows logitsRows() {
    return logitsRows;
  }

  /** Runs this worker's share of a loop over {@code count} iterations. */
  void forEach(int count, IntConsumer iteration) {
    for (int i = nextIteration.getAndIncrement(); i < count; i = nextIteration.getAndIncrement()) {
      iteration.accept(i);
    }
  }

  /** Runs this worker's share of a loop over the tiles of {@code rows}. */
  void forEachTile(StepRows rows, TileOperation operation) {
    rows.tiles().forEachUnclaimed(nextIteration, operation);
  }

  /**
   * Waits until every worker has completed the loop.
   *
   * @throws StepBarrier.BrokenStepException if one of them failed
   */
  void await(StageClock clock) {
    barrier.await();
    clock.spent(ForwardStage.WAIT);
  }

  /** Releases the workers that wait, or will wait, with an error: the calling worker failed. */
  void abort() {
    barrier.abort();
  }
}
