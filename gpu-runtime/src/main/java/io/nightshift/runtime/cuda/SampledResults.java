package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.SamplingKernels.Samples;

/**
 * The results of {@link DeviceSampling} for a step: token, log probability and log-sum-exp of each
 * row, and behind them the gathered logits of all rows. On the device, where the next step finds
 * its tokens, and on the host once they are copied.
 */
final class SampledResults implements AutoCloseable {
  private static final int KINDS = 3;

  private final int maxRows;
  private final DeviceMemory device;
  private final DeviceVector tokens;
  private final DeviceVector logProbabilities;
  private final DeviceVector logSumExps;
  private final DeviceVector gatheredLogits;
  private final PinnedMemory host;

  SampledResults(CudaDevice owner, int maxRows) {
    this.maxRows = maxRows;
    device = new DeviceMemory(owner, "sampled tokens", bytes(maxRows));
    tokens = new DeviceVector(device.address(), maxRows, DeviceElementType.INT32);
    logProbabilities = behind(tokens, maxRows);
    logSumExps = behind(logProbabilities, maxRows);
    gatheredLogits = behind(logSumExps, SamplingInputs.MAX_CELLS);
    host = new PinnedMemory(owner, bytes(maxRows));
  }

  private static DeviceVector behind(DeviceVector other, int length) {
    return new DeviceVector(other.address() + other.bytes(), length, DeviceElementType.F32);
  }

  /** Bytes of device memory that the results take. */
  static int bytes(int maxRows) {
    return Math.toIntExact(((long) KINDS * maxRows + SamplingInputs.MAX_CELLS) * Integer.BYTES);
  }

  /** Tokens on the device, an int for each row. */
  DeviceVector tokens() {
    return tokens;
  }

  /** The results of some rows on the device. */
  Samples rows(int first, int count) {
    return new Samples(
        tokens.slice(first, count),
        logProbabilities.slice(first, count),
        logSumExps.slice(first, count));
  }

  /** Gathered logits on the device, f32. */
  DeviceVector gatheredLogits(int first, int count) {
    return gatheredLogits.slice(first, count);
  }

  /** Enqueues the copy of all results to the host. */
  void copyToHost(CudaStream stream, int gathered) {
    long bytes = ((long) KINDS * maxRows + gathered) * Integer.BYTES;
    stream.copyToHost(device.address(), host, 0, bytes);
  }

  /** The token of a logits row; negative if its logits are no distribution. */
  int token(int row) {
    return host.buffer().getInt(row * Integer.BYTES);
  }

  float logProbability(int row) {
    return host.buffer().getFloat((maxRows + row) * Integer.BYTES);
  }

  float logSumExp(int row) {
    return host.buffer().getFloat((2 * maxRows + row) * Integer.BYTES);
  }

  float gathered(int index) {
    return host.buffer().getFloat((KINDS * maxRows + index) * Integer.BYTES);
  }

  @Override
  public void close() {
    device.close();
    host.close();
  }
}
