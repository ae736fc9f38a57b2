package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans a step's attention: cuts it into pieces that keep all multiprocessors busy.
 *
 * <ul>
 *   <li>Query tokens of a sequence are packed into tiles, together with all query heads of a key
 *       and value head; few rows make low tiles, so that decoding reads each key once and wastes
 *       little.
 *   <li>A prefix that many sequences with few rows share is read once for all of them (Juravsky et
 *       al., "Hydragen", 2024): their queries make dense tiles against it.
 *   <li>A tile whose context is long beside the step's total is split along the context (Dao et
 *       al., "Flash-Decoding", 2023).
 * </ul>
 */
public final class AttentionPlanner {
  /** Blocks that run on a multiprocessor at once, about. */
  private static final int RESIDENT_BLOCKS = 2;

  /** Pieces that each of them should get in turn, so that they end at about the same time. */
  private static final int ROUNDS = 4;

  /** A shorter part costs more to merge than it saves. */
  private static final int LEAST_PART = 256;

  /** The least that were measured to gain: 4 rows that share 512 tokens. */
  private static final int LEAST_MEMBERS = 4;

  private static final int LEAST_SAVED_BY_PREFIX = 1536;

  /** Below, the second-level cache serves the shared blocks well enough. */
  private static final int LEAST_SAVED_BY_STEP = 65_536;

  private final AttentionShape shape;
  private final int keyValueHeads;
  private final int blockSize;
  private final int slidingWindow;
  private final int multiprocessors;
  private final int mostPartials;

  /**
   * @param slidingWindow most recent positions a query attends to; 0 for all
   * @param mostPartials partial results that there is room for; plans stay below it
   */
  public AttentionPlanner(
      AttentionShape shape,
      int keyValueHeads,
      int blockSize,
      int slidingWindow,
      int multiprocessors,
      int mostPartials) {
    this.shape = shape;
    this.keyValueHeads = keyValueHeads;
    this.blockSize = blockSize;
    this.slidingWindow = slidingWindow;
    this.multiprocessors = multiprocessors;
    this.mostPartials = mostPartials;
  }

  /**
   * Plans the attention of some rows of a step. Row {@code r} of the set is row {@code r} of the
   * kernels' queries and output.
   */
  public AttentionPlan plan(ForwardBatch batch, TokenRows rows) {
    AttentionTiles tiles = new AttentionTiles(shape, batch, rows, blockSize, slidingWindow);
    int[] covered = new int[batch.sequences().size()];
    for (SharedPrefix prefix : prefixes(batch, rows)) {
      tiles.addPrefix(prefix);
      for (int sequence : prefix.sequences()) {
        covered[sequence] = prefix.end();
      }
    }
    for (int sequence = 0; sequence < covered.length; sequence++) {
      tiles.addSequence(sequence, covered[sequence]);
    }
    return new AttentionMerger(tiles, rows.size(), mostPartials, this::longestPart).plan();
  }

  /** The prefixes that get tiles of their own. */
  private List<SharedPrefix> prefixes(ForwardBatch batch, TokenRows rows) {
    if (slidingWindow > 0) {
      return List.of();
    }
    List<Integer> candidates = new ArrayList<>();
    int[] rowCounts = new int[batch.sequences().size()];
    for (int sequence = 0; sequence < rowCounts.length; sequence++) {
      rowCounts[sequence] = rows.sequenceStarts()[sequence + 1] - rows.sequenceStarts()[sequence];
      // Many rows fill tiles by themselves.
      if (rowCounts[sequence] > 0 && rowCounts[sequence] <= shape.queries(64)) {
        candidates.add(sequence);
      }
    }
    List<SharedPrefix> found =
        SharedPrefix.find(
            batch.sequences(), candidates, blockSize, LEAST_MEMBERS, LEAST_SAVED_BY_PREFIX);
    long saved = 0;
    long partials = rows.size();
    for (SharedPrefix prefix : found) {
      saved += prefix.saved();
      for (int sequence : prefix.sequences()) {
        partials += rowCounts[sequence];
      }
    }
    return saved >= LEAST_SAVED_BY_STEP && partials <= mostPartials ? found : List.of();
  }

  /** Context tokens that a part of a tile should have at most, of tiles with so many together. */
  private int longestPart(long totalLength) {
    long slots = (long) multiprocessors * RESIDENT_BLOCKS * ROUNDS;
    return (int) Math.max(LEAST_PART, totalLength * keyValueHeads / slots);
  }
}
