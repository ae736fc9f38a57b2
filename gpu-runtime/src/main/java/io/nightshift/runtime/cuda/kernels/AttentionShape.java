package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.KernelLaunch;
import java.util.List;

/**
 * Geometry of the attention kernels for one shape of heads on one architecture: the tile heights,
 * the kernel for each, and its launches. The constants must equal those of {@code attention.cu} and
 * {@code attention_warpgroup.cu}.
 *
 * @param headSize elements of a head, even
 * @param group query heads of a key and value head, at most 128
 * @param fp8 whether keys and values are e4m3
 * @param hopper whether the device has Hopper's architecture (sm_90a) and its warpgroup matrix
 *     instructions
 */
public record AttentionShape(int headSize, int group, boolean fp8, boolean hopper) {

  /** Heights of tiles: rows, that is query tokens times query heads. */
  public static final List<Integer> HEIGHTS = List.of(16, 64, 128);

  private static final int STAGES = 2;
  private static final int WARPGROUP_THREADS = 128;

  /**
   * @throws IllegalArgumentException if the kernels do not support the heads
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
    return KeyValueCacheLayout.headStride(headSize);
  }

  /** The lowest height for {@code queries} query tokens, or the highest one if they need more. */
  int heightFor(int queries) {
    for (int height : HEIGHTS) {
      if (queries * group <= height) {
        return height;
      }
    }
    return HEIGHTS.get(HEIGHTS.size() - 1);
  }

  /**
   * The height for the last {@code queries} query tokens of a sequence that has filled tiles of the
   * highest height. Warpgroups take them too, unless they are very few: a launch of its own, of few
   * tiles with long contexts, would leave most of the device idle.
   */
  int heightForRest(int queries) {
    int height = heightFor(queries);
    int highest = HEIGHTS.get(HEIGHTS.size() - 1);
    return height > HEIGHTS.get(0) && inWarpgroups(highest) ? highest : height;
  }

  /**
   * The height of a shared prefix's next tile, with {@code queries} query tokens left. With 8-bit
   * keys and values, two tiles of the lowest height are faster than a half-empty higher one.
   */
  int heightForPrefix(int queries) {
    int lowest = HEIGHTS.get(0);
    return fp8 && group <= lowest && queries * group <= 2 * lowest ? lowest : heightFor(queries);
  }

  /** Number of query tokens that fit into a tile of a height; 0 if none does. */
  public int queries(int height) {
    return height / group;
  }

  /**
   * Whether a height's kernel is that of {@code attention_warpgroup.cu}, rather than one of {@code
   * attention.cu}.
   */
  public boolean inWarpgroups(int height) {
    boolean fits = headSize == 64 || headSize == 128 || (headSize == 256 && !fp8);
    return height == 128 && hopper && fits;
  }

  /** Thread blocks of a height's kernel that run on a multiprocessor at once, approximately. */
  int residentBlocks(int height) {
    return inWarpgroups(height) ? 1 : 2;
  }

  /** Name of the source of a height's kernel, without {@code .cu}. */
  public String source(int height) {
    return inWarpgroups(height) ? "attention_warpgroup" : "attention";
  }

  /** Name of the kernel of a height. */
  public String kernel(int height) {
    return inWarpgroups(height) ? "attention_warpgroup" : "attention_" + height;
  }

  /**
   * The launch for the pieces of one height.
   *
   * @param multiprocessors number of multiprocessors of the device
   */
  public KernelLaunch launch(int height, int pieces, int keyValueHeads, int multiprocessors) {
    int units = Math.multiplyExact(pieces, keyValueHeads);
    boolean warpgroups = inWarpgroups(height);
    return new KernelLaunch(
        kernel(height),
        warpgroups ? Math.min(multiprocessors, units) : units,
        1,
        1,
        warpgroups ? WARPGROUP_THREADS * (fp8 ? 4 : 3) : threads(height),
        warpgroups ? warpgroupSharedBytes(height) : sharedBytes(height));
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

  private int warpgroupSharedBytes(int height) {
    int tile = headSize == 64 && !fp8 ? 128 : 64;
    int threeOrFour = tile > 64 || fp8 ? 3 : 4;
    int stages = headSize > 128 ? 2 : threeOrFour;
    int queryStages = headSize > 128 ? 1 : 2;
    int queries = queryStages * height * headSize * Short.BYTES;
    int tiles = 2 * stages * tile * headSize * Short.BYTES;
    int raw = fp8 ? 2 * 2 * tile * headSize : 0;
    int scales = fp8 ? 2 * stages * tile * Float.BYTES : 0;
    int units =
        queryStages * Integer.BYTES * (AttentionPiece.INTS + height * AttentionTiles.ROW_INTS);
    int barriers = 2 * Long.BYTES * (queryStages + 2 * stages);
    return queries + tiles + raw + scales + units + barriers;
  }

  private int tileTokens(int height) {
    if (height == 16) {
      return headStride() > 64 && !fp8 ? 16 : 32;
    }
    return headStride() > 128 || headStride() <= 64 || fp8 ? 32 : 64;
  }

  private int streams(int height) {
    return height == 16 && !fp8 ? 2 : 1;
  }

  private int rowWarps(int height) {
    return switch (height) {
      case 16 -> 1;
      case 64 -> 4;
      default -> headStride() > 128 ? 8 : 4;
    };
  }

  /** Bytes from one row to the next in shared memory: an odd number of 16-byte chunks. */
  private static int pitch(int rowBytes) {
    return rowBytes / 16 % 2 == 1 ? rowBytes : rowBytes + 16;
  }
}
