package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.GemmFloor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Times the runner's packed GEMMs on its own threads, with no barrier between layers. Each pass
 * goes through all layers, so that weights are read as in a step: from memory, if the model is
 * larger than the caches.
 *
 * <p>Steps of few tokens are timed in two ways: threads share the rows or the columns. The faster
 * one counts.
 */
final class CpuGemmFloor implements GemmFloor {
  private static final int MIN_REPETITIONS = 3;
  private static final long MIN_NANOSECONDS = 200_000_000;

  private final ModelConfig config;
  private final CpuWeights weights;
  private final WorkerPool pool;
  private final List<Worker> workers;

  CpuGemmFloor(ModelConfig config, CpuWeights weights, WorkerPool pool, List<Worker> workers) {
    this.config = config;
    this.weights = weights;
    this.pool = pool;
    this.workers = workers;
  }

  @Override
  public double seconds(int tokens) {
    TilePlan tiles = new TilePlan(tokens, workers.size());
    boolean fewTokens = tokens <= TilePlan.MAX_ROWS;
    int rows = TilePlan.largest(tokens);
    try (NativeMemory source = matrices(rows * widestInputs(), "inputs of timed GEMMs");
        NativeMemory target = matrices(rows * widestOutputs(), "outputs of timed GEMMs")) {
      fill(source);
      double best = best(worker -> multiplyRows(worker, tiles, source, target));
      return fewTokens
          ? Math.min(best, best(worker -> multiplyColumns(worker, rows, source, target)))
          : best;
    }
  }

  /** One matrix for each worker, in one block of memory. */
  private NativeMemory matrices(long floats, String purpose) {
    return NativeMemory.allocate(workers.size() * floats * Float.BYTES, purpose);
  }

  private static long matrix(NativeMemory matrices, int worker, int count) {
    return matrices.address() + matrices.bytes() / count * worker;
  }

  /** Whole tiles of rows for each worker. */
  private void multiplyRows(
      int worker, TilePlan tiles, NativeMemory sources, NativeMemory targets) {
    long source = matrix(sources, worker, workers.size());
    long target = matrix(targets, worker, workers.size());
    for (int layer = 0; layer < config.layerCount(); layer++) {
      for (int tile = worker; tile < tiles.count(); tile += workers.size()) {
        LinearOperands operands =
            LinearOperands.of(TilePlan.roundRows(tiles.rows(tile)), source, target);
        for (PackedLinear linear : weights.layer(layer).linears()) {
          linear.multiply(workers.get(worker).kernels(), operands);
        }
      }
    }
  }

  /** All rows for each worker, which takes every {@code workers.size()}-th slice of columns. */
  private void multiplyColumns(int worker, int rows, NativeMemory sources, NativeMemory targets) {
    long source = matrix(sources, worker, workers.size());
    long target = matrix(targets, worker, workers.size());
    LinearOperands operands = LinearOperands.of(rows, source, target);
    for (int layer = 0; layer < config.layerCount(); layer++) {
      for (PackedLinear linear : weights.layer(layer).linears()) {
        for (int slice = worker; slice < linear.slices(); slice += workers.size()) {
          linear.multiplySlice(workers.get(worker).kernels(), slice, operands);
        }
      }
    }
  }

  private double best(IntConsumer job) {
    // Creates the kernels.
    pool.run(job);
    long best = Long.MAX_VALUE;
    long spent = 0;
    for (int i = 0; i < MIN_REPETITIONS || spent < MIN_NANOSECONDS; i++) {
      long start = System.nanoTime();
      pool.run(job);
      long taken = System.nanoTime() - start;
      best = Math.min(best, taken);
      spent += taken;
    }
    return best / 1e9;
  }

  /** Fills with numbers between -1 and 1, whether read as f32 or as pairs of bf16. */
  private static void fill(NativeMemory source) {
    SplittableRandom random = new SplittableRandom(0);
    FloatBuffer floats = source.floats(Math.toIntExact(source.bytes() / Float.BYTES));
    while (floats.hasRemaining()) {
      int high = Float.floatToRawIntBits((float) random.nextDouble(-1, 1)) & 0xffff0000;
      int low = Float.floatToRawIntBits((float) random.nextDouble(-1, 1)) >>> Short.SIZE;
      floats.put(Float.intBitsToFloat(high | low));
    }
  }

  private long widestInputs() {
    return weights.layer(0).linears().stream().mapToInt(PackedLinear::inputs).max().orElseThrow();
  }

  private long widestOutputs() {
    return weights.layer(0).linears().stream().mapToInt(PackedLinear::outputs).max().orElseThrow();
  }
}
