package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Times products as they run in a step: in CUDA graphs, one right behind the other so that the chip
 * has the clocks that lasting work leaves it, with weights that come from memory.
 */
public final class GemmTimer {
  /** Multiplications and additions of a graph that lasts long enough: half a millisecond or so. */
  private static final double GRAPH_OPERATIONS = 4e11;

  private static final int MOST_PRODUCTS = 16;

  private GemmTimer() {}

  /**
   * Records as many products as make a time that can be measured.
   *
   * @param operations multiplications and additions of one
   * @param product puts product {@code i} into the stream: with other weights than the one before,
   *     so that they are not in the L2 cache
   */
  public static CudaGraph record(CudaStream stream, double operations, IntConsumer product) {
    int products = productsOf(operations);
    return stream.capture(
        () -> {
          for (int i = 0; i < products; i++) {
            product.accept(i);
          }
        });
  }

  /** How many products {@link #record} takes. */
  static int productsOf(double operations) {
    return (int) Math.max(1, Math.min(MOST_PRODUCTS, GRAPH_OPERATIONS / operations));
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
