package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.kernels.AttentionPiece.TokenRange;
import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the tiles of a step: rows that attend together to a range of a context. */
final class AttentionTiles {
  /** Ints of a row in the kernel's list. */
  static final int ROW_INTS = AttentionPlan.ROW_INTS;

  private static final int NO_TREE = -1;

  /** Some rows against a range of a context, in a piece that is not split yet. */
  record Tile(int height, AttentionPiece piece) {}

  final List<Tile> tiles = new ArrayList<>();
  final IntList rowList = new IntList();
  final IntList treeMasks = new IntList();
  final IntList blockTables = new IntList();
  private final int[] tableStarts;
  private final AttentionShape shape;
  private final ForwardBatch batch;
  private final TokenRows rows;
  private final int slidingWindow;

  AttentionTiles(
      AttentionShape shape,
      ForwardBatch batch,
      TokenRows rows,
      int blockSize,
      int group,
      int slidingWindow) {
    this.shape = shape;
    this.batch = batch;
    this.rows = rows;
    this.slidingWindow = slidingWindow;
    tableStarts = new int[batch.sequences().size()];
    for (int i = 0; i < tableStarts.length; i++) {
      StepSequence sequence = batch.sequences().get(i);
      tableStarts[i] = blockTables.size();
      int blocks = (sequence.contextLength() + blockSize - 1) / blockSize;
      blockTables.add(Arrays.copyOf(sequence.blocks(group), blocks));
    }
    // The tables of the groups before, which are as long, come first.
    int before = group * blockTables.size();
    Arrays.setAll(tableStarts, i -> before + tableStarts[i]);
  }

  /** The row of queries and output that an entry of the kernel's row list stands for. */
  int row(int index) {
    return rowList.get(index * ROW_INTS);
  }

  /** Adds the rows of all sequences that share a prefix, packed against it. */
  void addPrefix(SharedPrefix prefix) {
    int first = rowList.size() / ROW_INTS;
    for (int sequence : prefix.sequences()) {
      for (int row = from(sequence); row < to(sequence); row++) {
        rowList.add(row, prefix.begin(), prefix.end(), NO_TREE);
      }
    }
    int count = rowList.size() / ROW_INTS - first;
    int table = tableStarts[prefix.sequences()[0]];
    TokenRange range = new TokenRange(prefix.begin(), prefix.end());
    for (int done = 0; done < count; ) {
      int height = shape.heightForPrefix(count - done);
      int taken = Math.min(count - done, shape.queries(height));
      tiles.add(new Tile(height, AttentionPiece.whole(first + done, taken, table, range, range)));
      done += taken;
    }
  }

  /** Adds a sequence's rows, against its context from token {@code covered}. */
  void addSequence(int sequence, int covered) {
    int start = from(sequence);
    int end = to(sequence);
    for (int row = start; row < end; ) {
      int height = row == start ? shape.heightFor(end - row) : shape.heightForRest(end - row);
      int taken = Math.min(end - row, shape.queries(height));
      addTile(sequence, covered, height, row, row + taken);
      row += taken;
    }
  }

  private int from(int sequence) {
    return rows.sequenceStarts()[sequence];
  }

  private int to(int sequence) {
    return rows.sequenceStarts()[sequence + 1];
  }

  private void addTile(int sequence, int covered, int height, int from, int to) {
    StepSequence context = batch.sequences().get(sequence);
    int firstRow = rowList.size() / ROW_INTS;
    int contextStart = context.contextLength() - context.tokens().length;
    int treeStart = context.contextLength() - context.treeSize();
    int begin = Integer.MAX_VALUE;
    int end = 0;
    int unmaskedBegin = 0;
    int unmaskedEnd = Integer.MAX_VALUE;
    for (int row = from; row < to; row++) {
      int token = rows.tokens()[row];
      int slot = contextStart + token - batch.firstToken(sequence);
      int position = batch.position(token);
      int visibleBegin = slidingWindow == 0 ? 0 : Math.max(0, position - slidingWindow + 1);
      int visibleEnd = Math.min(slot + 1, treeStart);
      visibleBegin = Math.min(visibleBegin, visibleEnd);
      int tree = NO_TREE;
      if (slot >= treeStart && context.treeParents() != null) {
        tree = addTreeMask(context.treeParents(), slot - treeStart);
      }
      rowList.add(row, visibleBegin, visibleEnd, tree);
      begin = Math.min(begin, visibleBegin);
      end = Math.max(end, slot + 1);
      unmaskedBegin = Math.max(unmaskedBegin, visibleBegin);
      unmaskedEnd = Math.min(unmaskedEnd, visibleEnd);
    }
    tiles.add(
        new Tile(
            height,
            AttentionPiece.whole(
                firstRow,
                to - from,
                tableStarts[sequence],
                new TokenRange(Math.max(begin, covered), end),
                new TokenRange(unmaskedBegin, unmaskedEnd))));
  }

  /** Adds the bit set of a node and its ancestors within the sliding window. */
  private int addTreeMask(int[] parents, int node) {
    int mask = treeMasks.size();
    treeMasks.addZeros((parents.length + Integer.SIZE - 1) / Integer.SIZE);
    int maxVisible = slidingWindow == 0 ? Integer.MAX_VALUE : slidingWindow;
    int visible = 0;
    for (int n = node; n >= 0 && visible < maxVisible; n = parents[n]) {
      treeMasks.setBit(mask, n);
      visible++;
    }
    return mask;
  }
}
