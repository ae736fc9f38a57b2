package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One step's forward pass, run by all workers together. Between two barriers each worker takes
 * tiles of rows, or pieces of attention, until none is left.
 *
 * <p>A tile goes from a layer's attention to the next layer's keys and values in one go, so that it
 * stays in its core's cache and a layer costs two barriers.
 */
final class CpuTransformer {
  /** Query rows of one piece of attention at most. */
  private static final int ATTENTION_ROWS = 128;

  private record AttentionPiece(int sequence, int head, int from, int to) {}

  private final ModelConfig config;
  private final ModelWeights weights;
  private final CpuKvCache cache;
  private final Activations activations;
  private final ForwardBatch batch;
  private final long logits;
  private final StepBarrier barrier;
  private final AtomicInteger[] claims;
  private final TilePlan allTiles;
  private final TilePlan logitsTiles;
  private final List<AttentionPiece> allPieces;
  private final List<AttentionPiece> logitsPieces;

  /**
   * @param logits address for the logits of the logits rows, {@code vocabularySize} floats each
   */
  CpuTransformer(
      ModelConfig config,
      ModelWeights weights,
      CpuKvCache cache,
      Activations activations,
      ForwardBatch batch,
      long logits,
      int workers) {
    this.config = config;
    this.weights = weights;
    this.cache = cache;
    this.activations = activations;
    this.batch = batch;
    this.logits = logits;
    barrier = new StepBarrier(workers);
    claims = new AtomicInteger[2 * config.layers() + 4];
    for (int i = 0; i < claims.length; i++) {
      claims[i] = new AtomicInteger();
    }
    allTiles = new TilePlan(batch.allRows().size(), workers);
    logitsTiles = new TilePlan(batch.logitsRows().size(), workers);
    allPieces = attentionPieces(batch.allRows());
    logitsPieces = attentionPieces(batch.logitsRows());
  }

  /** Runs one worker's share. */
  void run(Worker worker) {
    try {
      worker.clock().start();
      steps(worker);
    } catch (RuntimeException | Error e) {
      barrier.breakNow();
      throw e;
    }
  }

  private void steps(Worker worker) {
    int phase = 0;
    if (!batch.copies().isEmpty()) {
      copyBlocks(worker, phase);
      await(worker);
    }
    phase++;
    int last = config.layers() - 1;
    TokenRows all = batch.allRows();
    TokenRows logitsRows = batch.logitsRows();
    allTiles.forEachUnclaimed(
        claims[phase++],
        (from, count) -> {
          worker.embed(batch, from, count);
          prepareAttention(worker, 0, from, count);
        });
    await(worker);
    for (int layer = 0; layer < last; layer++) {
      attend(worker, phase++, layer, all, allPieces);
      await(worker);
      int finished = layer;
      allTiles.forEachUnclaimed(
          claims[phase++],
          (from, count) -> {
            worker.finishLayer(finished, false, from, count);
            prepareAttention(worker, finished + 1, from, count);
          });
      await(worker);
    }
    if (logitsRows.size() == 0) {
      return;
    }
    logitsTiles.forEachUnclaimed(
        claims[phase++],
        (from, count) -> {
          worker.keep(logitsRows, from, count);
          worker.normForAttention(last, true, from, count);
          worker.projectQuery(last, batch, logitsRows, from, count);
        });
    await(worker);
    attend(worker, phase++, last, logitsRows, logitsPieces);
    await(worker);
    logitsTiles.forEachUnclaimed(
        claims[phase++],
        (from, count) -> {
          worker.finishLayer(last, true, from, count);
          worker.normForLogits(from, count);
        });
    await(worker);
    AtomicInteger claim = claims[phase];
    int slices = weights.outputProjection().slices();
    for (int slice = claim.getAndIncrement(); slice < slices; slice = claim.getAndIncrement()) {
      worker.projectLogits(slice, logitsRows.size(), TilePlan.MAX_ROWS, logits);
    }
  }

  private void copyBlocks(Worker worker, int phase) {
    if (claims[phase].getAndIncrement() == 0) {
      batch.copies().forEach(order -> cache.copy(order, worker.copy()));
      worker.clock().spent(ForwardStage.INPUT);
    }
  }

  /** Keys and values of every token; queries too, except in the last layer, where few need them. */
  private void prepareAttention(Worker worker, int layer, int from, int count) {
    worker.normForAttention(layer, false, from, count);
    worker.projectKeyValue(layer, batch, from, count);
    if (layer < config.layers() - 1) {
      worker.projectQuery(layer, batch, batch.allRows(), from, count);
    }
  }

  private void attend(
      Worker worker, int phase, int layer, TokenRows rows, List<AttentionPiece> pieces) {
    AtomicInteger claim = claims[phase];
    for (int i = claim.getAndIncrement(); i < pieces.size(); i = claim.getAndIncrement()) {
      AttentionPiece piece = pieces.get(i);
      worker
          .attention()
          .compute(
              layer,
              piece.head(),
              batch,
              rows,
              piece.sequence(),
              piece.from(),
              piece.to(),
              activations.queries(piece.head(), piece.from()),
              activations.attention(piece.from()) + piece.head() * activations.groupBytes(),
              activations.attentionStride());
    }
  }

  private List<AttentionPiece> attentionPieces(TokenRows rows) {
    List<AttentionPiece> pieces = new ArrayList<>();
    for (int s = 0; s < batch.sequences().size(); s++) {
      int end = rows.sequenceStarts()[s + 1];
      for (int from = rows.sequenceStarts()[s]; from < end; from += ATTENTION_ROWS) {
        for (int head = 0; head < config.keyValueHeads(); head++) {
          pieces.add(new AttentionPiece(s, head, from, Math.min(end, from + ATTENTION_ROWS)));
        }
      }
    }
    return pieces;
  }

  private void await(Worker worker) {
    barrier.await();
    worker.clock().spent(ForwardStage.WAIT);
  }
}
