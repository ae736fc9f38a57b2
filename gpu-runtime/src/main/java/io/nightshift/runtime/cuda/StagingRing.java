package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaStream;
import java.util.Arrays;

/**
 * Slots of device memory that one stream fills and another one empties, in turn. A slot is filled
 * again only after it was emptied, and emptied only after it was filled: both streams wait for
 * events, and the host for none. While one slot is emptied, the next ones are filled.
 */
final class StagingRing implements AutoCloseable {
  /**
   * Enough for kernels, which wait for a multiprocessor while the thread blocks of a GEMM run, not
   * to hold up the copies.
   */
  static final int SLOTS = 4;

  private final CudaStream producer;
  private final CudaStream consumer;
  private final long address;
  private final long slotBytes;
  private final CudaEvent[] filled = new CudaEvent[SLOTS];
  private final CudaEvent[] emptied = new CudaEvent[SLOTS];
  private int turn;

  /**
   * @param producer the stream that fills slots
   * @param consumer the stream that empties them
   * @param address device address of {@link #SLOTS} slots
   */
  StagingRing(
      CudaDevice device, CudaStream producer, CudaStream consumer, long address, long slotBytes) {
    this.producer = producer;
    this.consumer = consumer;
    this.address = address;
    this.slotBytes = slotBytes;
    Arrays.setAll(filled, i -> new CudaEvent(device));
    Arrays.setAll(emptied, i -> new CudaEvent(device));
  }

  /** Makes the producer wait for the next slot, and returns the slot's device address. */
  long begin() {
    turn = (turn + 1) % SLOTS;
    producer.await(emptied[turn]);
    return address + turn * slotBytes;
  }

  /** The producer has been given all that fills the slot: the consumer waits for it. */
  void filled() {
    filled[turn].record(producer);
    consumer.await(filled[turn]);
  }

  /** The consumer has been given all that empties the slot. */
  void emptied() {
    emptied[turn].record(consumer);
  }

  @Override
  public void close() {
    for (int i = 0; i < SLOTS; i++) {
      filled[i].close();
      emptied[i].close();
    }
  }
}
