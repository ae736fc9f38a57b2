package io.nightshift.runtime.cpu;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of some rows of one sequence, for one key and value head and all query heads that share
 * it.
 *
 * @param tokens the rows that the layer computes
 * @param sequence index of the sequence in the step
 * @param head key and value head
 * @param from first row
 * @param to last row, exclusive
 */
record AttentionTask(
    ForwardBatch batch, TokenRows tokens, int sequence, int head, int from, int to) {
  /** Maximum number of rows per task. */
  private static final int MAX_ROWS = 128;

  /** The tasks that together compute attention for {@code tokens}. */
  static List<AttentionTask> tasks(ForwardBatch batch, TokenRows tokens, int keyValueHeads) {
    List<AttentionTask> tasks = new ArrayList<>();
    for (int sequence = 0; sequence < batch.sequences().size(); sequence++) {
      int end = tokens.sequenceStarts()[sequence + 1];
      for (int from = tokens.sequenceStarts()[sequence]; from < end; from += MAX_ROWS) {
        int to = Math.min(end, from + MAX_ROWS);
        for (int head = 0; head < keyValueHeads; head++) {
          tasks.add(new AttentionTask(batch, tokens, sequence, head, from, to));
        }
      }
    }
    return tasks;
  }

  /** The sequence's query tokens, context length and block table. */
  StepSequence context() {
    return batch.sequences().get(sequence);
  }

  /** Index of a row among the sequence's query tokens. */
  int queryToken(int row) {
    return tokens.tokens()[row] - batch.firstToken(sequence);
  }

  /** Index of a row's token in the sequence's context. */
  int contextIndex(int row) {
    StepSequence context = context();
    return context.contextLength() - context.tokens().length + queryToken(row);
  }

  /** Position of a row's token. */
  int position(int row) {
    return batch.position(tokens.tokens()[row]);
  }

  /** The lowest position of all rows. */
  int lowestPosition() {
    int lowest = position(from);
    for (int row = from + 1; row < to; row++) {
      lowest = Math.min(lowest, position(row));
    }
    return lowest;
  }
}
