package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.DeviceElementType;
import java.util.HashMap;
import java.util.Map;

/**
 * The layout of the KV cache, for which kernels are compiled; {@code common.cuh} describes it.
 *
 * @param headSize elements of a head
 * @param keyValueHeads heads of a layer's keys, and of its values
 * @param blockSize tokens of a block, a power of two
 * @param fp8 whether keys and values are e4m3 with scales, rather than bf16
 */
public record KeyValueCacheLayout(int headSize, int keyValueHeads, int blockSize, boolean fp8) {
  /** A multiple to which heads are padded: the depth of a tensor core's tile. */
  private static final int HEAD_UNIT = 16;

  /** Elements from one head to the next in queries and KV cache. */
  public static int headStride(int headSize) {
    return (headSize + HEAD_UNIT - 1) / HEAD_UNIT * HEAD_UNIT;
  }

  /** Type of keys and values. */
  public DeviceElementType type() {
    return fp8 ? DeviceElementType.E4M3 : DeviceElementType.BF16;
  }

  /** Heads of all tokens in so many blocks, of the keys or of the values of one layer. */
  public long rows(long blocks) {
    return blocks * keyValueHeads * blockSize;
  }

  /** Bytes of the elements of a block, in the keys or in the values of one layer. */
  public long blockElementBytes() {
    return rows(1) * headStride(headSize) * type().bytes();
  }

  /** Bytes of their scales: none with bf16. A multiple of 16, like those of the elements. */
  public long blockScaleBytes() {
    return fp8 ? rows(1) * Float.BYTES : 0;
  }

  /** Macros of the kernels that read or write the cache. */
  Map<String, Integer> definitions() {
    Map<String, Integer> definitions = new HashMap<>();
    definitions.put("HEAD_SIZE", headSize);
    definitions.put("BLOCK_SIZE", blockSize);
    definitions.put("KV_FP8", fp8 ? 1 : 0);
    return definitions;
  }
}
