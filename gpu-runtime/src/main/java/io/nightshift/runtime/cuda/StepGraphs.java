package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CUDA graphs of steps. A step whose launches equal those of an earlier one, with all addresses and
 * counts, is replayed: one launch instead of hundreds, with shorter pauses between the kernels. A
 * graph is recorded when a step occurs the second time. If there are too many graphs, the least
 * recently used one is closed.
 */
final class StepGraphs implements AutoCloseable {
  private static final int MAX_GRAPHS = 128;

  private final CudaStream stream;

  /** A graph, or empty for a step that occurred once; the least recently used first. */
  private final Map<Launches, Optional<CudaGraph>> seen = new LinkedHashMap<>(16, 0.75f, true);

  /** Everything that the launches of a step depend on. */
  private record Launches(DeviceStep step, List<DeviceChunk> chunks) {}

  StepGraphs(CudaStream stream) {
    this.stream = stream;
  }

  /**
   * Enqueues a step.
   *
   * @param chunks the chunks that are sampled in it; none if they are sampled after it, which needs
   *     another work than a step without samples
   * @param work launches the step; must depend on {@code step} and {@code chunks} only
   */
  void run(DeviceStep step, List<DeviceChunk> chunks, Runnable work) {
    Launches launches = new Launches(step, chunks);
    Optional<CudaGraph> graph = seen.get(launches);
    if (graph == null) {
      seen.put(launches, Optional.empty());
      removeOldest();
      work.run();
    } else {
      graph.orElseGet(() -> record(launches, work)).launch(stream);
    }
  }

  private CudaGraph record(Launches launches, Runnable work) {
    CudaGraph graph = stream.capture(work);
    seen.put(launches, Optional.of(graph));
    return graph;
  }

  private void removeOldest() {
    if (seen.size() > MAX_GRAPHS) {
      Launches oldest = seen.keySet().iterator().next();
      // Not in flight: there are at most two steps in flight, which were used last.
      seen.remove(oldest).ifPresent(CudaGraph::close);
    }
  }

  @Override
  public void close() {
    seen.values().forEach(graph -> graph.ifPresent(CudaGraph::close));
    seen.clear();
  }
}
