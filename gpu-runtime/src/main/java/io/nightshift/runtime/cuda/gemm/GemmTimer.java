package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Times GEMMs as they run in a step: in CUDA graphs, back to back so that the GPU runs at its
 * sustained clocks, with weights that come from memory.
 */
public final class GemmTimer {
  /** Floating-point operations of a graph that lasts long enough: about half a millisecond. */
  private static final double GRAPH_FLOPS = 4e11;

  private static final int MAX_GEMMS = 16;

  private GemmTimer() {}

  /**
   * Records as many GEMMs as take a measurable time.
   *
   * @param flops floating-point operations of one
   * @param gemm enqueues GEMM {@code i}: with other weights than the one before, so that they are
   *     not in the L2 cache
   */
  public static CudaGraph record(CudaStream stream, double flops, IntConsumer gemm) {
    int count = countFor(flops);
    return stream.capture(
        () -> {
          for (int i = 0; i < count; i++) {
            gemm.accept(i);
          }
        });
  }

  /** Number of GEMMs that {@link #record} records. */
  public static int countFor(double flops) {
    return (int) Math.max(1, Math.min(MAX_GEMMS, GRAPH_FLOPS / flops));
  }

  /** The median of each graph's times, in seconds. Graphs run in turn, {@code rounds} times. */
  public static double[] medianSeconds(CudaStream stream, List<CudaGraph> graphs, int rounds) {
    int count = graphs.size();
    CudaEvent[] marks = new CudaEvent[rounds * count + 1];
    Arrays.setAll(marks, i -> new CudaEvent(stream.device()));
    try {
      marks[0].record(stream);
      for (int i = 0; i < rounds * count; i++) {
        graphs.get(i % count).launch(stream);
        marks[i + 1].record(stream);
      }
      stream.synchronize();
      double[] medians = new double[count];
      Arrays.setAll(medians, graph -> median(marks, graph, count, rounds));
      return medians;
    } finally {
      for (CudaEvent mark : marks) {
        mark.close();
      }
    }
  }

  private static double median(CudaEvent[] marks, int graph, int count, int rounds) {
    double[] seconds = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      int run = round * count + graph;
      seconds[round] = marks[run + 1].secondsSince(marks[run]);
    }
    Arrays.sort(seconds);
    return seconds[rounds / 2];
  }
}
