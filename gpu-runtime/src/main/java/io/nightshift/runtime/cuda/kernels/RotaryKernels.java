package io.nightshift.runtime.cuda.kernels;

import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLaunch;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.QueryKeyNorm;
import java.util.Map;
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
  private final int dimensions;
  private final float epsilon;
  private final @Nullable DeviceMatrix table;
  private final CudaKernel rotaryTable;
  private final CudaKernel rotateAndStore;
  private final @Nullable CudaKernel normFactors;

  /**
   * @param table f32 {@code [positions][dimensions]}, the number of elements of a head that rotate,
   *     for {@link #fillTable} to fill; null if none rotate
   */
  public RotaryKernels(
      KernelLibrary library,
      CudaStream stream,
      KeyValueCacheLayout layout,
      ModelConfig config,
      @Nullable DeviceMatrix table) {
    this.stream = stream;
    this.table = table;
    epsilon = config.normEpsilon();
    headSize = layout.headSize();
    dimensions = table == null ? 0 : table.columns();
    arguments = library.arguments();
    boolean allHeads = config.attention().queryKeyNorm() == QueryKeyNorm.ALL_HEADS;
    Map<String, Integer> definitions = layout.definitions();
    definitions.put("ROPE_DIMENSIONS", dimensions);
    definitions.put("NORM_ALL_HEADS", allHeads ? 1 : 0);
    KernelSource source = KernelSource.resource("rotary", definitions);
    rotaryTable = library.kernel(source, "rotary_table");
    rotateAndStore = library.kernel(source, "rotate_and_store");
    normFactors = allHeads ? library.kernel(source, "norm_factors") : null;
  }

  /**
   * Fills rows of the table with cosines and sines.
   *
   * @param inverseFrequencies f32 {@code [dimensions / 2]}
   * @param factor of the cosines and sines
   * @param positions the rows, of positions 0 and up
   */
  public void fillTable(DeviceVector inverseFrequencies, float factor, DeviceMatrix positions) {
    rotaryTable.launch(
        stream,
        KernelLaunch.forItems("rotary_table", positions.rows() * dimensions / 2, THREADS),
        arguments
            .begin()
            .buffer(inverseFrequencies)
            .real(factor)
            .buffer(positions)
            .integer(positions.rowCount()));
  }

  /**
   * Scales, biases, norms and rotates heads; puts the queries aside and writes keys and values to
   * the cache.
   *
   * @param positions a row of the table for each token, an int
   * @param slots the slot of the KV cache for each token, an int; negative for none. Null if there
   *     are queries only
   * @param factors f32 {@code [at least tokens][2]}: memory for the factors of norms of all heads
   * @param queries bf16 {@code [at least tokens][queryHeads * headStride]}
   */
  public void rotateAndStore(
      ProjectedHeads heads,
      DeviceVector positions,
      @Nullable DeviceVector slots,
      DeviceMatrix factors,
      DeviceMatrix queries,
      LayerKeyValueCache cache) {
    if (normFactors != null) {
      normFactors.launch(
          stream,
          new KernelLaunch("norm_factors", positions.size(), 2, 1, THREADS, 0),
          ScaledOutput.begin(arguments, heads.output())
              .buffer(heads.bias())
              .real(epsilon)
              .buffer(factors)
              .integer(heads.queryHeads())
              .integer(heads.keyValueHeads()));
    }
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
            .buffer(factors)
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

  /**
   * Threads of a head: one for each vector of half a head, rounded up to a power of two. The width
   * of a vector divides both halves, of the head and of the elements that rotate.
   */
  private int lanesPerHead() {
    int half = headSize / 2;
    int vectors = half / Math.min(8, Integer.lowestOneBit(half | dimensions / 2));
    return Integer.bitCount(vectors) == 1 ? vectors : Integer.highestOneBit(vectors) * 2;
  }
}
