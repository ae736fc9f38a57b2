package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMatrix;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.PackedMatrix;
import io.nightshift.runtime.cuda.kernels.RandomKernels;
import io.nightshift.runtime.cuda.kernels.UnpackKernels;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.random.NormalNumbers;
import io.nightshift.runtime.model.random.QuantizedNumbers;
import io.nightshift.runtime.model.random.RandomModelFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Random weights generated on the device: those of {@link
 * io.nightshift.runtime.model.random.RandomModelFiles}, in seconds.
 */
final class RandomWeightSource implements WeightSource {
  private final TensorEncodings encodings;
  private final CudaStream stream;
  private final RandomKernels kernels;
  private final UnpackKernels unpack;
  private final DeviceMemory memory;
  private final DeviceVector table;

  RandomWeightSource(TensorEncodings encodings, CudaStream stream, KernelLibrary library) {
    this.encodings = encodings;
    this.stream = stream;
    kernels = new RandomKernels(library, stream);
    unpack = new UnpackKernels(library, stream);
    float[] numbers = new NormalNumbers(RandomModelFiles.STANDARD_DEVIATION).table();
    int bytes = numbers.length * Float.BYTES;
    memory = new DeviceMemory(stream.device(), "random numbers", bytes);
    table = memory.takeVector(numbers.length, DeviceElementType.F32);
    try (PinnedMemory host = new PinnedMemory(stream.device(), bytes)) {
      host.buffer().asFloatBuffer().put(numbers);
      stream.copyToDevice(host, table.address(), bytes);
      stream.synchronize();
    }
  }

  @Override
  public void rows(List<TensorRows> rows, DeviceMatrix target) {
    int done = 0;
    for (TensorRows part : rows) {
      DeviceMatrix partTarget = target.rows(done, part.count());
      Optional<Quantization> encoding = encodings.of(part.tensor());
      if (encoding.isPresent()) {
        widen(part, encoding.get(), partTarget);
      } else {
        kernels.randomRows(table, part.tensor(), part.first(), partTarget);
      }
      done += part.count();
    }
  }

  /** Random codes, unpacked. */
  private void widen(TensorRows rows, Quantization encoding, DeviceMatrix target) {
    PackedSections most = PackedSections.fitting(encoding, target.columns(), rows.count());
    try (DeviceMemory buffer =
        new DeviceMemory(stream.device(), "random codes to unpack", most.bytes())) {
      for (int done = 0; done < rows.count(); done += most.count()) {
        PackedSections some = most.withCount(Math.min(most.count(), rows.count() - done));
        PackedMatrix matrix = some.matrix(buffer.address()).withoutRowScales();
        packedRows(TensorRows.slice(List.of(rows), done, some.count()), matrix);
        unpack.unpack(matrix, target.rows(done, some.count()));
      }
      stream.synchronize();
    }
  }

  @Override
  public TensorEncodings encodings() {
    return encodings;
  }

  @Override
  public boolean packedRows(List<TensorRows> rows, PackedMatrix target) {
    int done = 0;
    for (TensorRows part : rows) {
      Quantization encoding = encodings.of(part.tensor()).orElseThrow();
      QuantizedNumbers numbers = QuantizedNumbers.of(encoding, RandomModelFiles.STANDARD_DEVIATION);
      kernels.randomCodes(numbers, part.tensor(), part.first(), target.rows(done, part.count()));
      done += part.count();
    }
    return false;
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
    memory.close();
  }
}
