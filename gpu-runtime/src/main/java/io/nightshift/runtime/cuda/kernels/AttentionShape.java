package io.nightshift.runtime.cuda.kernels;

import java.util.List;

/**
 * Geometry of the attention kernels for one shape of heads: which tile heights there are, and what
 * a launch of each takes. {@code attention.cu} has the same numbers.
 *
 * @param headSize elements of a head, even
 * @param group query heads of a key and value head, at most 128
 * @param fp8 whether keys and values are 8-bit floats
 */
public record AttentionShape(int headSize, int group, boolean fp8) {

  /** Rows of a tile, that is query tokens times query heads, for which there are kernels. */
  public static final List<Integer> HEIGHTS = List.of(16, 64, 128);

  private static final int DECODE_STREAMS = 2;
  private static final int STAGES = 2;

  /**
   * @throws IllegalArgumentException if no tile is high enough for one query token
   */
  public AttentionShape {
    if (group < 1 || group > 128) {
      throw new IllegalArgumentException(
          group + " query heads share a key and value head; the attention kernels take 1 to 128");
    }
    if (headSize < 2 || headSize % 2 != 0) {
      throw new IllegalArgumentException("Heads of " + headSize + " elements, expected even ones");
    }
  }

  /** Elements from one head to the next in queries and KV cache. */
  public int headStride() {
    return roundUp(headSize, 16);
  }

  /** The lowest height that takes {@code queries} query tokens, or the highest where none does. */
  int heightFor(int queries) {
    for (int height : HEIGHTS) {
      if (queries * group <= height) {
        return height;
      }
    }
    return HEIGHTS.get(HEIGHTS.size() - 1);
  }

  /** Query tokens that fit into a tile of a height; 0 where not even one does. */
  public int queries(int height) {
    return height / group;
  }

  /** The launch of one height's pieces. */
  public KernelLaunch launch(int height, int pieces, int keyValueHeads) {
    return new KernelLaunch(
        "attention_" + height,
        Math.multiplyExact(pieces, keyValueHeads),
        1,
        1,
        threads(height),
        sharedBytes(height));
  }

  /** The launch that merges partial results. */
  public KernelLaunch mergeLaunch(int merges, int keyValueHeads) {
    int heads = keyValueHeads * group;
    return new KernelLaunch("merge_attention", merges, (heads + 7) / 8, 1, 256, 0);
  }

  private int threads(int height) {
    return 32 * streams(height) * rowWarps(height);
  }

  private int sharedBytes(int height) {
    int elementBytes = fp8 ? 1 : 2;
    int tile = tileTokens(height);
    int stage = 2 * (tile * pitch(headStride() * elementBytes) + (fp8 ? tile * Float.BYTES : 0));
    int buffers = streams(height) * STAGES * stage;
    int results =
        streams(height) > 1 ? streams(height) * height * (headStride() + 2) * Float.BYTES : 0;
    int visibility = height * 3 * Integer.BYTES;
    return visibility + height * pitch(headStride() * Short.BYTES) + Math.max(buffers, results);
  }

  private int tileTokens(int height) {
    if (height == 16) {
      return headStride() > 64 && !fp8 ? 16 : 32;
    }
    return headStride() > 128 || headStride() <= 64 || fp8 ? 32 : 64;
  }

  private static int streams(int height) {
    return height == 16 ? DECODE_STREAMS : 1;
  }

  private int rowWarps(int height) {
    return switch (height) {
      case 16 -> 1;
      case 64 -> 4;
      default -> headStride() > 128 ? 8 : 4;
    };
  }

  /** Bytes from row to row in shared memory: an odd number of 16-byte chunks. */
  private static int pitch(int rowBytes) {
    return rowBytes / 16 % 2 == 1 ? rowBytes : rowBytes + 16;
  }

  private static int roundUp(int value, int unit) {
    return (value + unit - 1) / unit * unit;
  }
}
