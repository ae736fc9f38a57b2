package io.nightshift.runtime.cuda.peer;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.DeviceBuffer;
import io.nightshift.runtime.cuda.device.DeviceElementType;
import io.nightshift.runtime.cuda.device.DeviceMemory;
import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.device.KernelArguments;
import io.nightshift.runtime.cuda.device.PinnedMemory;
import io.nightshift.runtime.parallel.RankContext;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rank's connection to the ranks of its tensor-parallel group, each on a GPU of its own
 * (peers.cuh). Their allocations are laid out alike, so that what is at an offset of one is at that
 * of another.
 *
 * <p>Kernels wait for the other ranks by themselves, at exchanges that are numbered in the order in
 * which a step enqueues them. That order is the same on all ranks.
 */
public final class PeerGroup implements AutoCloseable {
  /** Maximum number of ranks. */
  public static final int MAX_RANKS = 8;

  /**
   * Number of a step's first exchange in its sampling, which may be enqueued apart from the rest.
   */
  private static final int FIRST_OF_SAMPLING = 1 << 15;

  private static final int TABLE_BYTES =
      MAX_RANKS * Long.BYTES + 2 * Long.BYTES + 2 * Integer.BYTES;

  /** Bytes of all that is shared, in pieces of the alignment. */
  private static final int MEMORY_BYTES = 64 * DeviceMemory.ALIGNMENT;

  private final RankContext ranks;
  private final CudaStream stream;
  private final PinnedMemory aborted;
  private final DeviceMemory memory;
  private final DeviceVector table;
  private @Nullable DeviceBuffer step;
  private int exchange;

  /**
   * Connects the ranks; all of them must do it at the same time.
   *
   * @throws io.nightshift.runtime.runner.DeviceException if the GPUs cannot reach each other's
   *     memory
   */
  public PeerGroup(CudaStream stream, RankContext ranks) {
    if (ranks.degree() > MAX_RANKS) {
      throw new IllegalArgumentException(ranks.degree() + " ranks; there may be " + MAX_RANKS);
    }
    this.ranks = ranks;
    this.stream = stream;
    CudaDevice device = stream.device();
    for (CudaDevice peer : ranks.exchange(device)) {
      if (peer != device) {
        device.enablePeerAccess(peer);
      }
    }
    aborted = new PinnedMemory(device, Integer.BYTES);
    aborted.buffer().putInt(0, 0);
    memory = new DeviceMemory(device, "exchanges between ranks", MEMORY_BYTES);
    stream.fill(memory.address(), 0, MEMORY_BYTES);
    DeviceVector arrivals =
        memory.takeVector(ranks.degree() * (long) Long.BYTES, DeviceElementType.UINT8);
    long endedBlocks = memory.take(Integer.BYTES);
    table = memory.takeVector(TABLE_BYTES, DeviceElementType.UINT8);
    stream.synchronize();
    List<Long> all = ranks.exchange(arrivals.address());
    write(
        table,
        target -> {
          all.forEach(target::putLong);
          target.position(MAX_RANKS * Long.BYTES);
          target.putLong(aborted.address()).putLong(endedBlocks);
          target.putInt(ranks.rank()).putInt(0);
        });
  }

  private interface Writer {
    void write(ByteBuffer target);
  }

  private void write(DeviceVector target, Writer writer) {
    int bytes = Math.toIntExact(target.bytes());
    try (PinnedMemory host = new PinnedMemory(stream.device(), bytes)) {
      writer.write(host.buffer());
      stream.copyToDevice(host, target.address(), bytes);
      stream.synchronize();
    }
  }

  /**
   * Shares an allocation; all ranks must do it at the same time, with allocations that are laid out
   * alike.
   */
  public PeerOffsets share(DeviceMemory allocation) {
    DeviceVector onDevice =
        memory.takeVector(ranks.degree() * (long) Long.BYTES, DeviceElementType.UINT8);
    List<Long> offsets =
        ranks.exchange(allocation.address()).stream()
            .map(peer -> peer - allocation.address())
            .toList();
    write(onDevice, target -> offsets.forEach(target::putLong));
    return new PeerOffsets(offsets, onDevice);
  }

  /** This rank, from 0 on. */
  public int rank() {
    return ranks.rank();
  }

  /** Number of ranks. */
  public int degree() {
    return ranks.degree();
  }

  /** Bytes of device memory that a group takes on each GPU. */
  public static long deviceBytes() {
    return MEMORY_BYTES;
  }

  /**
   * Starts the exchanges of a step.
   *
   * @param number the step's number on the device, an i64 that is greater than those before
   */
  public void beginStep(DeviceBuffer number) {
    step = number;
    exchange = 0;
  }

  /** Starts the exchanges of the sampling of the step that was begun last. */
  public void beginSampling() {
    exchange = FIRST_OF_SAMPLING;
  }

  /**
   * Adds the parameters of the next exchange: the table of ranks, the step, and the number.
   *
   * @param waits how often its kernel waits for the other ranks
   */
  public KernelArguments addExchange(KernelArguments arguments, int waits) {
    arguments.buffer(table).buffer(step).integer(exchange);
    exchange += waits;
    return arguments;
  }

  /** Makes kernels that wait for other ranks go on, in this step and in all to come. */
  public void abort() {
    aborted.buffer().putInt(0, 1);
  }

  @Override
  public void close() {
    memory.close();
    aborted.close();
  }
}
