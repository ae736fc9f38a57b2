package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;

/**
 * Norm of the heads and rotary embedding of projected tiles, if the layer has them. Keys and values
 * go to the slots of the KV cache that the slot mapping names, queries to the activations. Owned by
 * one worker.
 */
final class RotaryEmbedding implements AutoCloseable {
  private final Worker worker;
  private final CpuKeyValueCache cache;
  private final Activations activations;
  private final HeadNorm headNorm;
  private final int queryHeads;
  private final int keyValueHeads;
  private final int headSize;
  private final float queryScale;
  private final float[] projectedRow;
  private final float[] rotatedRow;
  private final FloatScratch rotated;

  RotaryEmbedding(
      Worker worker, ModelConfig config, CpuKeyValueCache cache, Activations activations) {
    this.worker = worker;
    this.cache = cache;
    this.activations = activations;
    headNorm = new HeadNorm(config);
    queryHeads = config.attention().heads();
    keyValueHeads = config.attention().keyValueHeads();
    headSize = config.attention().headSize();
    queryScale = config.attention().scale();
    int width = QkvProjection.width(config);
    projectedRow = new float[width];
    rotatedRow = new float[width];
    rotated = new FloatScratch("a rotated row").reserve(width);
  }

  /** Native bytes of one worker. */
  static long bytes(ModelConfig config) {
    return (long) QkvProjection.width(config) * Float.BYTES;
  }

  /**
   * Writes keys and values of tokens {@code from} to {@code from + count} to the KV cache.
   *
   * @param projected a row for each token: all key heads, then all value heads
   */
  void writeKeysAndValues(
      LayerHeads heads, ForwardBatch batch, FloatScratch projected, int from, int count) {
    int[] slotMapping = batch.slotMapping(cache.group(heads.layer()));
    int half = keyValueHeads * headSize;
    for (int t = 0; t < count; t++) {
      int token = from + t;
      projected.buffer().get(t * 2 * half, projectedRow, 0, 2 * half);
      headNorm.apply(heads.keyNorm(), projectedRow, half);
      int position = batch.position(token);
      boolean inLong = batch.isLongContext(token);
      for (int head = 0; head < keyValueHeads; head++) {
        int key = head * headSize;
        heads.rotation().rotate(projectedRow, key, position, inLong, 1f, rotatedRow);
        FiniteValues.enforce(rotatedRow, key, projectedRow, half + key, headSize);
      }
      rotated.buffer().put(0, rotatedRow, 0, half).put(half, projectedRow, half, half);
      cache.write(heads.layer(), slotMapping[token], rotated.address(), worker.copy());
    }
    worker.clock().spent(ForwardStage.ROTARY);
  }

  /**
   * Writes queries of rows {@code from} to {@code from + count}, scaled for attention, to the
   * activations.
   *
   * @param projected a row of all query heads for each of the rows
   */
  void writeQueries(
      LayerHeads heads,
      ForwardBatch batch,
      TokenRows tokens,
      FloatScratch projected,
      int from,
      int count) {
    int width = queryHeads * headSize;
    long groupBytes = activations.groupBytes();
    for (int t = 0; t < count; t++) {
      projected.buffer().get(t * width, projectedRow, 0, width);
      headNorm.apply(heads.queryNorm(), projectedRow, width);
      int token = tokens.tokens()[from + t];
      int position = batch.position(token);
      boolean inLong = batch.isLongContext(token);
      for (int head = 0; head < queryHeads; head++) {
        int query = head * headSize;
        heads.rotation().rotate(projectedRow, query, position, inLong, queryScale, rotatedRow);
      }
      rotated.buffer().put(0, rotatedRow, 0, width);
      for (int head = 0; head < keyValueHeads; head++) {
        worker
            .copy()
            .copy(
                rotated.address() + head * groupBytes,
                activations.queries(head, from + t),
                groupBytes);
      }
    }
    worker.clock().spent(ForwardStage.ROTARY);
  }

  @Override
  public void close() {
    rotated.close();
  }
}
