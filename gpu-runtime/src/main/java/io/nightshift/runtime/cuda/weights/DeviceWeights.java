package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import java.util.List;

/**
 * All weights of a model, in one allocation.
 *
 * @param embedding address of bf16 {@code [vocabulary][hidden]}
 * @param outputNorm address of an f32 vector
 * @param outputProjection to the vocabulary, always bf16; the embedding where the model ties them
 */
public record DeviceWeights(
    DeviceMemory memory,
    long embedding,
    long outputNorm,
    DeviceLinear outputProjection,
    List<LayerWeights> layers)
    implements AutoCloseable {

  public DeviceWeights {
    layers = List.copyOf(layers);
  }

  /** Bytes of device memory that the weights of a model take. */
  public static long bytes(ModelConfig config, GemmType type) {
    return WeightLoader.bytes(config, type);
  }

  /** Weights of model files, which may be closed afterwards. */
  public static DeviceWeights load(
      ModelFiles files, GemmType type, CudaStream stream, KernelLibrary kernels) {
    try (WeightSource source = new FileWeightSource(files, stream, kernels)) {
      return new WeightLoader(files.config(), type, source, stream, kernels).load();
    }
  }

  /** Random weights: normal with standard deviation 0.02, norms 1 and biases 0. */
  public static DeviceWeights random(
      ModelConfig config, GemmType type, CudaStream stream, KernelLibrary kernels) {
    try (WeightSource source = new RandomWeightSource(stream, kernels)) {
      return new WeightLoader(config, type, source, stream, kernels).load();
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
