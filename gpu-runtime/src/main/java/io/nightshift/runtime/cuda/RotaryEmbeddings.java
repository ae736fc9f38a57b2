package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.RotaryKernels;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.RopeConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rotary embeddings of a model's layers: kernels for each distinct one, and a table of cosines
 * and sines. If a model has other factors for long sequences, tables have as many rows again: those
 * of long sequences follow those of all positions.
 */
final class RotaryEmbeddings implements AutoCloseable {
  private final KernelLibrary library;
  private final CudaStream stream;
  private final ModelConfig config;
  private final EngineConfig options;
  private final DeviceMemory memory;
  private final Map<Optional<RopeConfig>, RotaryKernels> kernels = new HashMap<>();

  /** Compiles the kernels and fills the tables. */
  RotaryEmbeddings(
      KernelLibrary library, CudaStream stream, ModelConfig config, EngineConfig options) {
    this.library = library;
    this.stream = stream;
    this.config = config;
    this.options = options;
    memory = new DeviceMemory(stream.device(), "the rotary tables", bytes(config));
    for (LayerConfig layer : config.layers()) {
      kernels.computeIfAbsent(layer.rope(), this::compile);
    }
  }

  /** Bytes of device memory that the tables take. */
  static long bytes(ModelConfig config) {
    return config.layers().stream()
        .flatMap(layer -> layer.rope().stream())
        .distinct()
        .mapToLong(
            rope -> DeviceMemory.aligned(rows(config) * rope.dimensions() * (long) Float.BYTES))
        .sum();
  }

  private static long rows(ModelConfig config) {
    return config.hasLongContext() ? 2L * config.maxPositions() : config.maxPositions();
  }

  /** The kernels for a layer. */
  RotaryKernels of(LayerConfig layer) {
    return requireNonNull(kernels.get(layer.rope()));
  }

  private RotaryKernels compile(Optional<RopeConfig> rope) {
    if (rope.isEmpty()) {
      return new RotaryKernels(
          library, stream, DeviceKeyValueCache.layout(config, options), config, null);
    }
    int dimensions = rope.get().dimensions();
    DeviceMatrix table = memory.takeMatrix(rows(config), dimensions, DeviceElementType.F32);
    RotaryKernels compiled =
        new RotaryKernels(
            library, stream, DeviceKeyValueCache.layout(config, options), config, table);
    int positions = config.maxPositions();
    float factor = rope.get().attentionFactor();
    fill(compiled, table.rows(0, positions), rope.get().inverseFrequencies(), factor);
    if (config.hasLongContext()) {
      fill(compiled, table.rows(positions, positions), rope.get().longInverseFrequencies(), factor);
    }
    return compiled;
  }

  private void fill(
      RotaryKernels compiled, DeviceMatrix positions, float[] frequencies, float factor) {
    int bytes = frequencies.length * Float.BYTES;
    try (PinnedMemory host = new PinnedMemory(stream.device(), bytes);
        DeviceMemory copy = new DeviceMemory(stream.device(), "rotary frequencies", bytes)) {
      host.buffer().asFloatBuffer().put(frequencies);
      stream.copyToDevice(host, copy.address(), bytes);
      compiled.fillTable(
          copy.takeVector(frequencies.length, DeviceElementType.F32), factor, positions);
      stream.synchronize();
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
