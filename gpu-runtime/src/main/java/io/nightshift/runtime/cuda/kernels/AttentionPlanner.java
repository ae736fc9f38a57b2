package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.runner.ForwardBatch;
import io.nightshift.runtime.runner.TokenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Plans a step's attention: divides it into pieces that keep all multiprocessors busy.
 *
 * <ul>
 *   <li>Query tokens of a sequence are packed into tiles, together with all query heads of a key
 *       and value head. Few rows make low tiles, so that decoding reads each key once and computes
 *       little padding.
 *   <li>A prefix that many sequences with few rows share is read once for all of them (Juravsky et
 *       al., "Hydragen", 2024): their queries are packed into tiles together. With a sliding
 *       window, only those take part whose rows see their whole context.
 *   <li>A tile whose context is long beside the step's total is split along the context (Dao et
 *       al., "Flash-Decoding", 2023).
 * </ul>
 */
public final class AttentionPlanner {
  /** Pieces that each block should compute in turn, so that all end at about the same time. */
  private static final int ROUNDS = 4;

  /** Minimum length of a part: shorter ones cost more to merge than they save. */
  private static final int MIN_PART = 256;

  /** The smallest prefix for which a gain was measured: 4 rows that share 512 tokens. */
  private static final int MIN_MEMBERS = 4;

  private static final int MIN_SAVED_BY_PREFIX = 1536;

  /** Below this, the L2 cache serves the shared blocks well enough. */
  private static final int MIN_SAVED_BY_STEP = 65_536;

  private final AttentionShape shape;
  private final int keyValueHeads;
  private final int blockSize;
  private final int group;
  private final int slidingWindow;
  private final int multiprocessors;
  private final int maxPartials;

  /** Plans attention of the first group. */
  public AttentionPlanner(
      AttentionShape shape,
      int keyValueHeads,
      int blockSize,
      int slidingWindow,
      int multiprocessors,
      int maxPartials) {
    this(shape, keyValueHeads, blockSize, 0, slidingWindow, multiprocessors, maxPartials);
  }

  /**
   * @param group index of the group whose block tables are used; the first one if there is no
   *     window
   * @param slidingWindow number of most recent positions that a query attends to; 0 for all
   * @param maxPartials maximum number of partial results in a plan
   */
  public AttentionPlanner(
      AttentionShape shape,
      int keyValueHeads,
      int blockSize,
      int group,
      int slidingWindow,
      int multiprocessors,
      int maxPartials) {
    this.shape = shape;
    this.keyValueHeads = keyValueHeads;
    this.blockSize = blockSize;
    this.group = group;
    this.slidingWindow = slidingWindow;
    this.multiprocessors = multiprocessors;
    this.maxPartials = maxPartials;
  }

  /** Plans the attention of some rows of a step, which are the rows of queries and output. */
  public AttentionPlan plan(ForwardBatch batch, TokenRows rows) {
    AttentionTiles tiles = new AttentionTiles(shape, batch, rows, blockSize, group, slidingWindow);
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
    return new AttentionMerger(tiles, rows.size(), maxPartials, this::maxPartLength).plan();
  }

  /** The shared prefixes that are worth separate tiles. */
  private List<SharedPrefix> prefixes(ForwardBatch batch, TokenRows rows) {
    List<Integer> candidates = new ArrayList<>();
    int[] rowCounts = new int[batch.sequences().size()];
    for (int sequence = 0; sequence < rowCounts.length; sequence++) {
      rowCounts[sequence] = rows.sequenceStarts()[sequence + 1] - rows.sequenceStarts()[sequence];
      // Sequences with more rows fill tiles by themselves.
      if (rowCounts[sequence] > 0
          && rowCounts[sequence] <= shape.queries(64)
          && seesWholeContext(batch, rows, sequence)) {
        candidates.add(sequence);
      }
    }
    List<SharedPrefix> found =
        SharedPrefix.find(
            batch.sequences(), group, candidates, blockSize, MIN_MEMBERS, MIN_SAVED_BY_PREFIX);
    long saved = 0;
    long partials = rows.size();
    for (SharedPrefix prefix : found) {
      saved += prefix.saved();
      for (int sequence : prefix.sequences()) {
        partials += rowCounts[sequence];
      }
    }
    return saved >= MIN_SAVED_BY_STEP && partials <= maxPartials ? found : List.of();
  }

  /** Whether the window hides nothing from a sequence's rows; no block is freed then. */
  private boolean seesWholeContext(ForwardBatch batch, TokenRows rows, int sequence) {
    return slidingWindow == 0
        || IntStream.range(rows.sequenceStarts()[sequence], rows.sequenceStarts()[sequence + 1])
            .allMatch(row -> batch.position(rows.tokens()[row]) < slidingWindow);
  }

  /** Maximum number of context tokens in a part of a tile, if its height's tiles have so many. */
  private int maxPartLength(int height, long totalLength) {
    long slots = (long) multiprocessors * shape.residentBlocks(height) * ROUNDS;
    return (int) Math.max(MIN_PART, totalLength * keyValueHeads / slots);
  }
}
