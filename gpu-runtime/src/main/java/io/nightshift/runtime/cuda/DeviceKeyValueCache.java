package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.model.ModelConfig;

/**
 * Keys and values on the device: {@code [layer][2: keys, values][block][head][slot][headStride]} of
 * bf16, or of e4m3 with f32 scales {@code [layer][2][block][head][slot]}.
 */
final class DeviceKeyValueCache implements AutoCloseable {
  private final DeviceMemory memory;
  private final long elements;
  private final long scales;
  private final long planeBytes;
  private final long scalePlaneBytes;

  DeviceKeyValueCache(CudaDevice device, ModelConfig config, EngineConfig options, int blocks) {
    int elementBytes = options.fp8KvCache() ? 1 : Short.BYTES;
    long rows = (long) blocks * config.keyValueHeads() * options.blockSize();
    planeBytes = rows * new ModelDimensions(config).headStride() * elementBytes;
    scalePlaneBytes = options.fp8KvCache() ? rows * Float.BYTES : 0;
    memory = new DeviceMemory(device, "the KV cache", bytes(config, options, blocks));
    elements = memory.take(2L * config.layers() * planeBytes);
    scales = options.fp8KvCache() ? memory.take(2L * config.layers() * scalePlaneBytes) : 0;
  }

  /** Bytes of so many blocks. */
  static long bytes(ModelConfig config, EngineConfig options, long blocks) {
    long rows = 2L * config.layers() * config.keyValueHeads() * options.blockSize() * blocks;
    int elementBytes = options.fp8KvCache() ? 1 : Short.BYTES;
    return DeviceMemory.aligned(rows * new ModelDimensions(config).headStride() * elementBytes)
        + (options.fp8KvCache() ? DeviceMemory.aligned(rows * Float.BYTES) : 0);
  }

  /** All planes. */
  long elements() {
    return elements;
  }

  /** All planes of scales; 0 for bf16. */
  long scales() {
    return scales;
  }

  long keys(int layer) {
    return elements + 2L * layer * planeBytes;
  }

  long values(int layer) {
    return keys(layer) + planeBytes;
  }

  long keyScales(int layer) {
    return scales + 2L * layer * scalePlaneBytes;
  }

  long valueScales(int layer) {
    return keyScales(layer) + scalePlaneBytes;
  }

  @Override
  public void close() {
    memory.close();
  }
}
