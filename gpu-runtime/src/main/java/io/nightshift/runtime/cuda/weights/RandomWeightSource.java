package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.model.random.NormalNumbers;
import io.nightshift.runtime.cuda.device.CudaKernel;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.KernelSource;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.KernelLaunch;
import java.util.Arrays;
import java.util.Map;

/**
 * Random weights made on the device: the numbers of {@link
 * io.nightshift.runtime.model.random.RandomModelFiles} without files, in seconds.
 */
final class RandomWeightSource implements WeightSource {
  private static final float STANDARD_DEVIATION = 0.02f;
  private static final int THREADS = 256;

  private final CudaStream stream;
  private final CudaKernel kernel;
  private final DeviceMemory table;
  private final KernelArguments arguments = new KernelArguments();

  RandomWeightSource(CudaStream stream, KernelLibrary kernels) {
    this.stream = stream;
    kernel = kernels.kernel(KernelSource.resource("random", Map.of()), "random_rows");
    float[] numbers = new NormalNumbers(STANDARD_DEVIATION).table();
    int bytes = numbers.length * Float.BYTES;
    table = new DeviceMemory(stream.device(), "random numbers", bytes);
    try (PinnedMemory host = new PinnedMemory(stream.device(), bytes)) {
      host.buffer().asFloatBuffer().put(numbers);
      stream.copyToDevice(host, table.address(), bytes);
      stream.synchronize();
    }
  }

  @Override
  public void rows(String tensor, int columns, int firstRow, int count, long target) {
    long items = (long) count * ((columns + 3) / 4);
    kernel.launch(
        stream,
        KernelLaunch.of("random_rows", Math.toIntExact((items + THREADS - 1) / THREADS), THREADS),
        arguments
            .begin()
            .address(table.address())
            .address((long) tensor.hashCode() << Integer.SIZE)
            .integer(firstRow)
            .address(target)
            .integer(count)
            .integer(columns));
  }

  @Override
  public float[] vector(String tensor, int count) {
    float[] elements = new float[count];
    Arrays.fill(elements, tensor.endsWith("norm.weight") ? 1 : 0);
    return elements;
  }

  @Override
  public void close() {
    stream.synchronize();
    table.close();
    arguments.close();
  }
}
