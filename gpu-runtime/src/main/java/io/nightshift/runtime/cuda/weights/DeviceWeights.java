package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.gemm.GemmType;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.TensorEncodings;
import java.util.List;

/**
 * All weights of a model, in one allocation.
 *
 * @param embedding bf16 {@code [vocabulary][hidden]}
 * @param finalNorm f32 {@code [hidden]}: weight of the norm behind the last layer
 * @param outputProjection from hidden to vocabulary, always bf16; the embedding if the model ties
 *     them
 * @param unpackedBytes bytes of the largest matrix that packed weights are unpacked to; 0 if none
 *     are packed
 * @param hasTiles whether some are in tiles
 */
public record DeviceWeights(
    DeviceMemory memory,
    DeviceMatrix embedding,
    DeviceVector finalNorm,
    DeviceLinear outputProjection,
    List<DeviceLayerWeights> layers,
    long unpackedBytes,
    boolean hasTiles)
    implements AutoCloseable {

  public DeviceWeights {
    layers = List.copyOf(layers);
  }

  /** Loads the weights of model files, which may be closed afterwards. */
  public static DeviceWeights load(
      ModelFiles files, GemmType type, CudaStream stream, KernelLibrary library) {
    try (WeightSource source = new FileWeightSource(files, stream, library)) {
      return new WeightLoader(files.config(), type, source, stream, library).load();
    }
  }

  /**
   * Generates random weights: normal with standard deviation 0.02, norms 1, biases and sinks 0.
   *
   * @param encodings of layers' linear layers: those that stay packed have random codes, with the
   *     same standard deviation of weights
   */
  public static DeviceWeights random(
      ModelConfig config,
      GemmType type,
      TensorEncodings encodings,
      CudaStream stream,
      KernelLibrary library) {
    try (WeightSource source = new RandomWeightSource(encodings, stream, library)) {
      return new WeightLoader(config, type, source, stream, library).load();
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
