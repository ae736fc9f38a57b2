package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.PinnedMemory;

/**
 * What {@link DeviceSampling} makes of a step's logits: token, log probability and log-sum-exp of
 * each row, and the gathered logits of all rows behind them. On the device, where the next step
 * finds its tokens, and on the host once they are copied.
 */
final class SampledResults implements AutoCloseable {
  private static final int KINDS = 3;

  private final int maxRows;
  private final DeviceMemory device;
  private final PinnedMemory host;

  SampledResults(CudaDevice owner, int maxRows) {
    this.maxRows = maxRows;
    device = new DeviceMemory(owner, "sampled tokens", bytes(maxRows));
    host = new PinnedMemory(owner, bytes(maxRows));
  }

  /** Device memory that this takes. */
  static int bytes(int maxRows) {
    return Math.toIntExact(((long) KINDS * maxRows + SamplingInputs.MAX_CELLS) * Integer.BYTES);
  }

  /** Address of a row's token. */
  long tokens(int row) {
    return address(row);
  }

  long logProbabilities(int row) {
    return address(maxRows + row);
  }

  long logSumExps(int row) {
    return address(2 * maxRows + row);
  }

  long gatheredLogits(int index) {
    return address(KINDS * maxRows + index);
  }

  private long address(int index) {
    return device.address() + (long) index * Integer.BYTES;
  }

  /** Puts the copy of all results to the host into the stream. */
  void copyToHost(CudaStream stream, int gathered) {
    long bytes = ((long) KINDS * maxRows + gathered) * Integer.BYTES;
    stream.copyToHost(device.address(), host, 0, bytes);
  }

  /** The token of a logits row; negative where its logits are no distribution. */
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
