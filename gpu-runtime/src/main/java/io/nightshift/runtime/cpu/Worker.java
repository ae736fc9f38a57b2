package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.MemoryCopy;
import io.nightshift.runtime.cpu.onednn.OneDnn;

/**
 * Resources of one worker thread that all its operations share.
 *
 * @param kernels oneDNN kernels of this thread
 * @param copy copies between native addresses
 * @param clock time by stage
 */
record Worker(KernelCache kernels, MemoryCopy copy, StageClock clock) implements AutoCloseable {
  /** Size of oneDNN's scratchpad for GEMMs with packed weights, measured, with a margin. */
  static final long SCRATCHPAD_BYTES = 1 << 20;

  static Worker of(OneDnn library) {
    return new Worker(new KernelCache(library), new MemoryCopy(), new StageClock());
  }

  @Override
  public void close() {
    kernels.close();
  }
}
