package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.cuda.kernels.SamplingKernels.Samples;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.util.Arrays;

/**
 * The results of {@link DeviceSampling} for a step: token, log probability and log-sum-exp of each
 * row, behind them the gathered logits of all rows, and behind these the most probable tokens of
 * each row. On the device, where the next step finds its tokens, and on the host once they are
 * copied.
 */
final class SampledResults implements AutoCloseable {
  private static final int KINDS = 3;

  /** Ints of a row's most probable tokens: token and log probability of each. */
  private static final int TOP_INTS = 2 * SamplingParameters.MAX_TOP_LOGPROBS;

  private final int maxRows;
  private final DeviceMemory device;
  private final DeviceVector tokens;
  private final DeviceVector logProbabilities;
  private final DeviceVector logSumExps;
  private final DeviceVector gatheredLogits;
  private final DeviceVector topLogprobs;
  private final PinnedMemory host;

  SampledResults(CudaDevice owner, int maxRows) {
    this.maxRows = maxRows;
    device = new DeviceMemory(owner, "sampled tokens", bytes(maxRows));
    tokens = new DeviceVector(device.address(), maxRows, DeviceElementType.INT32);
    logProbabilities = behind(tokens, maxRows);
    logSumExps = behind(logProbabilities, maxRows);
    gatheredLogits = behind(logSumExps, SamplingInputs.MAX_CELLS);
    topLogprobs =
        new DeviceVector(
            device.address() + topOffset(), maxRows * TOP_INTS, DeviceElementType.INT32);
    host = new PinnedMemory(owner, bytes(maxRows));
  }

  private static DeviceVector behind(DeviceVector other, int length) {
    return new DeviceVector(other.address() + other.bytes(), length, DeviceElementType.F32);
  }

  /** Bytes of device memory that the results take. */
  static int bytes(int maxRows) {
    long ints = (KINDS + TOP_INTS) * (long) maxRows + SamplingInputs.MAX_CELLS;
    return Math.toIntExact(ints * Integer.BYTES);
  }

  /** Offset of the most probable tokens in bytes. */
  private int topOffset() {
    return (KINDS * maxRows + SamplingInputs.MAX_CELLS) * Integer.BYTES;
  }

  /** The allocation, for ranks that write to it. */
  DeviceMemory memory() {
    return device;
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

  /** The most probable tokens of some rows on the device. */
  DeviceVector topLogprobsOf(int first, int count) {
    return topLogprobs.slice(first * TOP_INTS, count * TOP_INTS);
  }

  /**
   * Enqueues the copy of all results to the host.
   *
   * @param gathered number of gathered logits
   * @param topRows number of rows whose most probable tokens are copied
   */
  void copyToHost(CudaStream stream, int gathered, int topRows) {
    long bytes = ((long) KINDS * maxRows + gathered) * Integer.BYTES;
    stream.copyToHost(device.address(), host, 0, bytes);
    if (topRows > 0) {
      stream.copyToHost(
          topLogprobs.address(), host, topOffset(), (long) topRows * TOP_INTS * Integer.BYTES);
    }
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

  /**
   * The most probable tokens of a row; fewer than wanted if the vocabulary has fewer.
   *
   * @param wanted number of tokens that its parameters say
   */
  TopLogprobs topLogprobs(int row, int wanted) {
    int[] tokens = new int[wanted];
    float[] logprobs = new float[wanted];
    int found = 0;
    while (found < wanted) {
      int at = topOffset() + (row * TOP_INTS + 2 * found) * Integer.BYTES;
      int token = host.buffer().getInt(at);
      if (token < 0) {
        break;
      }
      tokens[found] = token;
      logprobs[found++] = host.buffer().getFloat(at + Integer.BYTES);
    }
    return new TopLogprobs(Arrays.copyOf(tokens, found), Arrays.copyOf(logprobs, found));
  }

  @Override
  public void close() {
    device.close();
    host.close();
  }
}
