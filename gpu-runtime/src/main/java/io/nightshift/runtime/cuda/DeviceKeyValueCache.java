package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.kernels.KeyValueCacheLayout;
import io.nightshift.runtime.cuda.kernels.LayerKeyValueCache;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The paged KV cache on the device: {@code [layer][2: keys, values][block][head][slot][headStride]}
 * of bf16, or of e4m3 with f32 scales {@code [layer][2][block][head][slot]}.
 */
final class DeviceKeyValueCache implements AutoCloseable {
  /** Planes of a layer: its keys and its values. */
  private static final int PLANES = 2;

  private final DeviceMemory memory;
  private final DeviceMatrix elements;
  private final @Nullable DeviceVector scales;
  private final KeyValueCacheLayout layout;
  private final List<LayerKeyValueCache> layers;

  /**
   * @param blocks number of blocks
   */
  DeviceKeyValueCache(CudaDevice device, ModelConfig config, EngineConfig options, int blocks) {
    layout = layout(config, options);
    long rows = layout.rows(blocks);
    long allRows = (long) PLANES * config.layerCount() * rows;
    memory = new DeviceMemory(device, "the KV cache", bytes(config, options, blocks));
    elements =
        memory.takeMatrix(
            allRows, KeyValueCacheLayout.headStride(config.attention().headSize()), layout.type());
    scales = layout.fp8() ? memory.takeVector(allRows, DeviceElementType.F32) : null;
    layers = IntStream.range(0, config.layerCount()).mapToObj(i -> layer(i, rows)).toList();
  }

  private LayerKeyValueCache layer(int layer, long rows) {
    long keys = (long) PLANES * layer * rows;
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

  /** Bytes of device memory that so many blocks take. */
  static long bytes(ModelConfig config, EngineConfig options, long blocks) {
    KeyValueCacheLayout layout = layout(config, options);
    long rows = PLANES * config.layerCount() * layout.rows(blocks);
    int headStride = KeyValueCacheLayout.headStride(config.attention().headSize());
    return DeviceMemory.aligned(rows * headStride * layout.type().bytes())
        + (layout.fp8() ? DeviceMemory.aligned(rows * Float.BYTES) : 0);
  }

  KeyValueCacheLayout layout() {
    return layout;
  }

  LayerKeyValueCache layer(int layer) {
    return layers.get(layer);
  }

  /** The keys and values of all layers. */
  DeviceMatrix elements() {
    return elements;
  }

  /** The scales of all layers; null with bf16. */
  @Nullable DeviceVector scales() {
    return scales;
  }

  /** Planes of all layers. */
  int planes() {
    return PLANES * layers.size();
  }

  @Override
  public void close() {
    memory.close();
  }
}
