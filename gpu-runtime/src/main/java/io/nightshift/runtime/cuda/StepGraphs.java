package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.SamplingInputs.DeviceChunk;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CUDA graphs of steps. A step whose launches are the same as those of an earlier one, with all
 * addresses and counts, is replayed: one launch instead of hundreds, with shorter pauses between
 * the kernels. A graph is made when a step comes the second time, and the one that was not used for
 * longest goes where there are too many.
 */
final class StepGraphs implements AutoCloseable {
  private static final int MOST_GRAPHS = 128;

  private final CudaStream stream;

  /** A graph, or nothing for a step that was seen once; the least recently used first. */
  private final Map<Launches, Optional<CudaGraph>> seen = new LinkedHashMap<>(16, 0.75f, true);

  /** All that the launches of a step depend on. */
  private record Launches(DeviceStep step, List<DeviceChunk> chunks) {}

  StepGraphs(CudaStream stream) {
    this.stream = stream;
  }

  /**
   * Puts a step into the stream.
   *
   * @param work launches it; must depend on nothing but {@code step} and {@code chunks}
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
    if (seen.size() > MOST_GRAPHS) {
      Launches oldest = seen.keySet().iterator().next();
      // Not in flight: two steps are at most, and these were the last to be used.
      seen.remove(oldest).ifPresent(CudaGraph::close);
    }
  }

  @Override
  public void close() {
    seen.values().forEach(graph -> graph.ifPresent(CudaGraph::close));
    seen.clear();
  }
}
