package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.cuda.host.HostProcessors;
import io.nightshift.runtime.cuda.host.ThreadAffinity;
import java.util.BitSet;
import java.util.List;

/**
 * Where the engines of a process run: each on GPUs of its own, with a share of the host's
 * processors for each GPU that is near to it, so that no engine's host work disturbs another's.
 */
public final class EnginePlaces {
  private final List<GpuGroup> groups;

  /** What a container's quota allows, which may be less than the processors it may use. */
  private final int availableProcessors;

  /**
   * To be created by a thread that is not bound: it asks Java for the number of processors.
   *
   * @param groups the GPUs of each engine of the process
   */
  public EnginePlaces(List<GpuGroup> groups) {
    this.groups = List.copyOf(groups);
    this.availableProcessors = Runtime.getRuntime().availableProcessors();
  }

  /** The GPUs of each engine. */
  public List<GpuGroup> groups() {
    return groups;
  }

  /**
   * Binds the calling thread to the processors of an engine. Call it before anything of the engine
   * is created: threads that this thread starts inherit the binding, and pinned memory that it
   * allocates is on the node of the GPU.
   *
   * @param group the engine's GPUs, one of {@link #groups}
   * @return {@code config} on those GPUs, with as many threads as the engine has processors
   */
  public EngineConfig enter(GpuGroup group, EngineConfig config) {
    List<Gpu> all = groups.stream().flatMap(each -> each.gpus().stream()).toList();
    List<BitSet> shares = divide(HostProcessors.ofThisProcess(), all);
    BitSet processors = new BitSet();
    group.gpus().forEach(gpu -> processors.or(shares.get(all.indexOf(gpu))));
    ThreadAffinity.bindThread(processors);
    int threads = Math.min(processors.cardinality(), availableProcessors / groups.size());
    return config.withGpus(group.indexes()).withThreads(Math.max(1, threads));
  }

  /**
   * Binds the calling thread to the processors of one rank of an engine: the share of its GPU in
   * the engine's processors. The thread must have been started by one that has entered the engine's
   * place.
   *
   * @param config of the engine
   * @return the rank's configuration
   */
  public static EngineConfig enterRank(int rank, EngineConfig config) {
    List<Gpu> visible = VisibleGpus.ofThisHost().gpus();
    List<Gpu> gpus = config.gpus().stream().map(visible::get).toList();
    ThreadAffinity.bindThread(divide(HostProcessors.ofThisThread(), gpus).get(rank));
    return config.ofRank(rank);
  }

  private static List<BitSet> divide(HostProcessors processors, List<Gpu> gpus) {
    return processors.divide(gpus.stream().map(Gpu::pciBusId).toList());
  }
}
