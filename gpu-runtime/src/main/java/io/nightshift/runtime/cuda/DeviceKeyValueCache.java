package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.KeyValueCacheLayout;
import io.nightshift.runtime.cuda.kernels.LayerKeyValueCache;
import io.nightshift.runtime.model.CacheGroup;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.CacheSizing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The paged KV cache on the device: {@code [layer][2: keys, values][block][head][slot][headStride]}
 * of bf16, or of e4m3 with f32 scales {@code [layer][2][block][head][slot]}. The layers of a group
 * follow each other, and have as many blocks as their group.
 */
final class DeviceKeyValueCache implements AutoCloseable {
  /** Planes of a layer: its keys and its values. */
  private static final int PLANES = 2;

  private final DeviceMemory memory;
  private final DeviceMatrix elements;
  private final @Nullable DeviceVector scales;
  private final KeyValueCacheLayout layout;
  private final List<CacheGroup> groups;
  private final long[] firstRows;
  private final LayerKeyValueCache[] layers;

  /**
   * @param sized the blocks of each of the model's groups
   */
  DeviceKeyValueCache(
      CudaDevice device, ModelConfig config, EngineConfig options, List<BlockGroup> sized) {
    layout = layout(config, options);
    groups = config.cacheGroups();
    long layerBlocks = CacheSizing.of(config, options).layerBlocks(sized);
    long allRows = PLANES * layout.rows(layerBlocks);
    memory = new DeviceMemory(device, "the KV cache", bytes(config, options, layerBlocks));
    elements =
        memory.takeMatrix(
            allRows, KeyValueCacheLayout.headStride(config.attention().headSize()), layout.type());
    scales = layout.fp8() ? memory.takeVector(allRows, DeviceElementType.F32) : null;
    layers = new LayerKeyValueCache[config.layerCount()];
    firstRows = new long[groups.size() + 1];
    for (int group = 0; group < groups.size(); group++) {
      long rows = layout.rows(sized.get(group).blockCount());
      long first = firstRows[group];
      for (int layer : groups.get(group).layers()) {
        layers[layer] = layer(first, rows);
        first += PLANES * rows;
      }
      firstRows[group + 1] = first;
    }
  }

  private LayerKeyValueCache layer(long keys, long rows) {
    long values = keys + rows;
    return new LayerKeyValueCache(
        elements.rows(keys, rows),
        elements.rows(values, rows),
        scales == null ? null : scales.slice(keys, rows),
        scales == null ? null : scales.slice(values, rows));
  }

  static KeyValueCacheLayout layout(ModelConfig config, EngineConfig options) {
    return new KeyValueCacheLayout(
        config.attention().headSize(),
        config.attention().keyValueHeads(),
        options.blockSize(),
        options.fp8KvCache());
  }

  /** Bytes of device memory that so many blocks of one layer take. */
  static long bytes(ModelConfig config, EngineConfig options, long layerBlocks) {
    KeyValueCacheLayout layout = layout(config, options);
    long rows = PLANES * layout.rows(layerBlocks);
    int headStride = KeyValueCacheLayout.headStride(config.attention().headSize());
    return DeviceMemory.aligned(rows * headStride * layout.type().bytes())
        + (layout.fp8() ? DeviceMemory.aligned(rows * Float.BYTES) : 0);
  }

  KeyValueCacheLayout layout() {
    return layout;
  }

  LayerKeyValueCache layer(int layer) {
    return layers[layer];
  }

  int groupCount() {
    return groups.size();
  }

  /** The keys and values of all layers of a group. */
  DeviceMatrix elements(int group) {
    return elements.rows(firstRows[group], firstRows[group + 1] - firstRows[group]);
  }

  /** The scales of all layers of a group; null with bf16. */
  @Nullable DeviceVector scales(int group) {
    return scales == null
        ? null
        : scales.slice(firstRows[group], firstRows[group + 1] - firstRows[group]);
  }

  /** Planes of all layers of a group. */
  int planes(int group) {
    return PLANES * groups.get(group).layers().size();
  }

  /** Bytes of a block of a group without gaps, in all of its planes. */
  long blockBytes(int group) {
    return planes(group) * (layout.blockElementBytes() + layout.blockScaleBytes());
  }

  @Override
  public void close() {
    memory.close();
  }
}
