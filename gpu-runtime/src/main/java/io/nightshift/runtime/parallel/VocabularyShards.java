package io.nightshift.runtime.parallel;

import io.nightshift.runtime.runner.HostLogits;
import io.nightshift.runtime.runner.LogitsRequest;
import java.util.List;

/**
 * Logits of which each rank has computed some columns, all as many. Columns of the last ranks
 * beyond the vocabulary mean nothing.
 */
final class VocabularyShards extends HostLogits {
  private final List<HostLogits> ranks;
  private final int vocabularySize;
  private final int shardColumns;

  VocabularyShards(List<LogitsRequest> requests, int vocabularySize, List<HostLogits> ranks) {
    super(requests, vocabularySize);
    this.ranks = List.copyOf(ranks);
    this.vocabularySize = vocabularySize;
    shardColumns = (vocabularySize + ranks.size() - 1) / ranks.size();
  }

  @Override
  public void readRow(int row, float[] target) {
    float[] shard = new float[shardColumns];
    for (int rank = 0; rank < ranks.size(); rank++) {
      int first = rank * shardColumns;
      int columns = Math.min(shardColumns, vocabularySize - first);
      if (columns > 0) {
        ranks.get(rank).readRow(row, shard);
        System.arraycopy(shard, 0, target, first, columns);
      }
    }
  }

  @Override
  public float logit(int row, int column) {
    return ranks.get(column / shardColumns).logit(row, column % shardColumns);
  }

  /** The hidden states are the same on all ranks. */
  @Override
  public void readPooled(int request, float[] target) {
    ranks.get(0).readPooled(request, target);
  }
}
