package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of {@code rotary.cu}: rotary position embedding (Su et al., "RoFormer", 2021) of
 * projected heads, and the write of keys and values to the KV cache.
 */
public final class RotaryKernels {
  private static final int THREADS = 256;

  private final CudaStream stream;
  private final KernelArguments arguments;
  private final int headSize;
  private final float epsilon;
  private final DeviceMatrix table;
  private final CudaKernel rotaryTable;
  private final CudaKernel rotateAndStore;

  /**
   * @param epsilon of the norms of heads
   * @param table f32 {@code [positions][headSize]}, for {@link #fillTable} to fill
   */
  public RotaryKernels(
      KernelLibrary library,
      CudaStream stream,
      KeyValueCacheLayout layout,
      float epsilon,
      DeviceMatrix table) {
    this.stream = stream;
    this.epsilon = epsilon;
    this.table = table;
    headSize = layout.headSize();
    arguments = library.arguments();
    KernelSource source = KernelSource.resource("rotary", layout.definitions());
    rotaryTable = library.kernel(source, "rotary_table");
    rotateAndStore = library.kernel(source, "rotate_and_store");
  }

  /**
   * Fills the table with the cosines and sines of all its positions.
   *
   * @param inverseFrequencies f32 {@code [headSize / 2]}
   */
  public void fillTable(DeviceVector inverseFrequencies) {
    rotaryTable.launch(
        stream,
        KernelLaunch.forItems("rotary_table", table.rows() * headSize / 2, THREADS),
        arguments.begin().buffer(inverseFrequencies).buffer(table).integer(table.rowCount()));
  }

  /**
   * Scales, biases, norms and rotates heads; puts the queries aside and writes keys and values to
   * the cache.
   *
   * @param positions an int for each token
   * @param slots the slot of the KV cache for each token, an int; negative for none. Null if there
   *     are queries only
   * @param queries bf16 {@code [at least tokens][queryHeads * headStride]}
   */
  public void rotateAndStore(
      ProjectedHeads heads,
      DeviceVector positions,
      @Nullable DeviceVector slots,
      DeviceMatrix queries,
      LayerKeyValueCache cache) {
    int tokens = positions.size();
    rotateAndStore.launch(
        stream,
        KernelLaunch.forItems(
            "rotate_and_store", (long) tokens * heads.heads() * lanesPerHead(), THREADS),
        ScaledOutput.begin(arguments, heads.output())
            .buffer(heads.bias())
            .buffer(heads.norms().query())
            .buffer(heads.norms().key())
            .real(epsilon)
            .buffer(table)
            .buffer(positions)
            .buffer(slots)
            .buffer(queries)
            .buffer(cache.keys())
            .buffer(cache.values())
            .buffer(cache.keyScales())
            .buffer(cache.valueScales())
            .integer(tokens)
            .integer(heads.queryHeads())
            .integer(heads.keyValueHeads()));
  }

  /** Threads of a head: one for each vector of half a head, rounded up to a power of two. */
  private int lanesPerHead() {
    int half = headSize / 2;
    int vectors = half / Math.min(8, Integer.lowestOneBit(half));
    return Integer.bitCount(vectors) == 1 ? vectors : Integer.highestOneBit(vectors) * 2;
  }
}
