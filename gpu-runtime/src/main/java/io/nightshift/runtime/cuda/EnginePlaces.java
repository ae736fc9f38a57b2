package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.cuda.host.HostProcessors;
import io.nightshift.runtime.cuda.host.ThreadAffinity;
import java.util.BitSet;
import java.util.List;

/**
 * Where the engines of a process run: each on a GPU of its own, with a share of the host's
 * processors that is near to it, so that no engine's host work disturbs another's.
 */
public final class EnginePlaces {
  private final List<Gpu> gpus;

  /** What a container's quota allows, which may be less than the processors it may use. */
  private final int availableProcessors;

  /**
   * To be created by a thread that is not bound: it asks Java for the number of processors.
   *
   * @param gpus one for each engine of the process
   */
  public EnginePlaces(List<Gpu> gpus) {
    this.gpus = List.copyOf(gpus);
    this.availableProcessors = Runtime.getRuntime().availableProcessors();
  }

  /** Indexes of the GPUs. */
  public List<Integer> indexes() {
    return gpus.stream().map(Gpu::index).toList();
  }

  /**
   * Binds the calling thread to the processors of an engine. Call it before anything of the engine
   * is created: threads that this thread starts inherit the binding, and pinned memory that it
   * allocates is on the node of the GPU.
   *
   * @param index of the engine's GPU
   * @return {@code config} on that GPU, with as many threads as the engine has processors
   */
  public EngineConfig enter(int index, EngineConfig config) {
    List<BitSet> shares =
        HostProcessors.ofThisProcess().divide(gpus.stream().map(Gpu::pciBusId).toList());
    BitSet processors = shares.get(indexes().indexOf(index));
    ThreadAffinity.bindThread(processors);
    int threads = Math.min(processors.cardinality(), availableProcessors / gpus.size());
    return config.withGpu(index).withThreads(Math.max(1, threads));
  }
}
