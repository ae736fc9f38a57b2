package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.kernels.AttentionTiles.Tile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes pieces of tiles: splits long tiles, and finds the rows that are in several pieces and so
 * have partial results to merge.
 */
final class AttentionMerger {
  /** Unit of the borders between parts of a tile; a multiple of the kernels' tiles of tokens. */
  private static final int PART_UNIT = 64;

  private final AttentionTiles tiles;
  private final int maxPartials;
  private final PartLimit limit;

  /** Number of pieces that each row of the step is in. */
  private final int[] pieceCounts;

  /** Limits the parts of tiles. */
  interface PartLimit {
    /**
     * Maximum number of context tokens in a part of a tile.
     *
     * @param totalLength number of context tokens of all tiles of the height
     */
    int maxLength(int height, long totalLength);
  }

  AttentionMerger(AttentionTiles tiles, int rows, int maxPartials, PartLimit limit) {
    this.tiles = tiles;
    this.maxPartials = maxPartials;
    this.limit = limit;
    pieceCounts = new int[rows];
  }

  AttentionPlan plan() {
    int[][] parts = new int[tiles.tiles.size()][];
    split(parts);
    List<List<AttentionPiece>> pieces = new ArrayList<>();
    AttentionShape.HEIGHTS.forEach(height -> pieces.add(new ArrayList<>()));
    int partials = 0;
    for (int t = 0; t < parts.length; t++) {
      Tile tile = tiles.tiles.get(t);
      List<AttentionPiece> ofHeight = pieces.get(AttentionShape.HEIGHTS.indexOf(tile.height()));
      AttentionPiece whole = tile.piece();
      boolean partial = pieceCounts[tiles.row(whole.firstRow())] > 1;
      for (int i = 0; i + 1 < parts[t].length; i++) {
        ofHeight.add(
            whole.part(
                parts[t][i], parts[t][i + 1], partial ? partials : AttentionPiece.NO_PARTIAL));
        partials += partial ? whole.rowCount() : 0;
      }
    }
    return new AttentionPlan(
        pieces.stream().map(AttentionMerger::longestFirst).toList(),
        tiles.rowList.toArray(),
        tiles.treeMasks.toArray(),
        tiles.blockTables.toArray(),
        new AttentionPlan.Merges(merges(), mergeSources(pieces, partials), partials));
  }

  /**
   * Splits tiles, as long as there is room for partial results; sets the borders of their parts.
   */
  private void split(int[][] parts) {
    long[] totals = new long[AttentionShape.HEIGHTS.size()];
    long partials = 0;
    for (Tile tile : tiles.tiles) {
      totals[AttentionShape.HEIGHTS.indexOf(tile.height())] += tile.piece().length();
      partials += tile.piece().rowCount();
    }
    for (int t = 0; t < parts.length; t++) {
      AttentionPiece piece = tiles.tiles.get(t).piece();
      int height = tiles.tiles.get(t).height();
      int maxLength = limit.maxLength(height, totals[AttentionShape.HEIGHTS.indexOf(height)]);
      long room = 1 + (maxPartials - partials) / piece.rowCount();
      int count = (int) Math.max(1, Math.min(room, (piece.length() + maxLength - 1) / maxLength));
      parts[t] = borders(piece.begin(), piece.end(), count);
      int made = parts[t].length - 1;
      partials += (long) (made - 1) * piece.rowCount();
      for (int i = 0; i < piece.rowCount(); i++) {
        pieceCounts[tiles.row(piece.firstRow() + i)] += made;
      }
    }
  }

  private static int[] borders(int begin, int end, int count) {
    if (count == 1) {
      return new int[] {begin, end};
    }
    IntList borders = new IntList();
    int length = (end - begin + count - 1) / count;
    int step = (length + PART_UNIT - 1) / PART_UNIT * PART_UNIT;
    borders.add(begin);
    for (int border = begin / PART_UNIT * PART_UNIT + step; border < end; border += step) {
      borders.add(border);
    }
    borders.add(end);
    return borders.toArray();
  }

  private static int[] longestFirst(List<AttentionPiece> pieces) {
    IntList list = new IntList();
    pieces.sort(Comparator.comparingInt(AttentionPiece::length).reversed());
    pieces.forEach(piece -> piece.writeTo(list));
    return list.toArray();
  }

  private int[] merges() {
    IntList merges = new IntList();
    int sources = 0;
    for (int row = 0; row < pieceCounts.length; row++) {
      if (pieceCounts[row] > 1) {
        merges.add(row, sources, pieceCounts[row], 0);
        sources += pieceCounts[row];
      }
    }
    return merges.toArray();
  }

  private int[] mergeSources(List<List<AttentionPiece>> pieces, int partials) {
    int[] next = new int[pieceCounts.length];
    int sources = 0;
    for (int row = 0; row < next.length; row++) {
      next[row] = sources;
      sources += pieceCounts[row] > 1 ? pieceCounts[row] : 0;
    }
    int[] result = new int[partials];
    for (List<AttentionPiece> ofHeight : pieces) {
      for (AttentionPiece piece : ofHeight) {
        for (int i = 0; i < piece.rowCount() && piece.firstPartial() >= 0; i++) {
          result[next[tiles.row(piece.firstRow() + i)]++] = piece.firstPartial() + i;
        }
      }
    }
    return result;
  }
}
