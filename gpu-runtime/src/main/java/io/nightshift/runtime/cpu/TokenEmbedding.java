package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.runner.ForwardBatch;

/** Looks up token embeddings and multiplies them as the model says. Owned by one worker. */
final class TokenEmbedding implements AutoCloseable {
  private final Worker worker;
  private final Tensor embedding;
  private final float multiplier;
  private final float[] row;
  private final FloatScratch nativeRow;

  /**
   * @param embedding a row of {@code hiddenSize} elements for each token id
   */
  TokenEmbedding(Worker worker, ModelConfig config, Tensor embedding) {
    this.worker = worker;
    this.embedding = embedding;
    multiplier = config.multipliers().embedding();
    row = new float[config.hiddenSize()];
    nativeRow = new FloatScratch("an embedding row").reserve(row.length);
  }

  /** Native bytes of one worker. */
  static long bytes(ModelConfig config) {
    return (long) config.hiddenSize() * Float.BYTES;
  }

  /** Writes the embeddings of tokens {@code from} to {@code from + count} to {@code residual}. */
  void lookUp(ForwardBatch batch, NativeRows residual, int from, int count) {
    for (int token = from; token < from + count; token++) {
      embedding.readRows(batch.tokenId(token), 1, row, 0);
      for (int i = 0; i < row.length; i++) {
        row[i] *= multiplier;
      }
      nativeRow.buffer().put(0, row);
      worker.copy().copy(nativeRow.address(), residual.row(token), residual.rowBytes());
    }
    worker.clock().spent(ForwardStage.INPUT);
  }

  @Override
  public void close() {
    nativeRow.close();
  }
}
