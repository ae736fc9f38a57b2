package io.nightshift.job.options;

import java.util.Optional;
import org.apache.flink.configuration.MemorySize;

/**
 * What a device's engine does unless it is told otherwise.
 *
 * @param keyValueCacheMemory empty for all that is free
 */
record EngineDefaults(
    Optional<MemorySize> keyValueCacheMemory, int maxStepTokens, int maxRunningSequences) {

  static EngineDefaults of(Device device) {
    return device == Device.CUDA
        ? new EngineDefaults(Optional.empty(), 16384, 2048)
        : new EngineDefaults(Optional.of(MemorySize.ofMebiBytes(1024)), 1024, 256);
  }
}
