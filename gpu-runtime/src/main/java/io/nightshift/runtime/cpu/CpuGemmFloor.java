package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.ExpertsWeights;
import io.nightshift.runtime.cpu.onednn.KernelCache;
import io.nightshift.runtime.cpu.onednn.NativeMemory;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.GemmFloor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;

/**
 * Times the runner's packed GEMMs on its own threads, with no barrier between layers. Each pass
 * goes through all layers, so that weights are read as in a step: from memory, if the model is
 * larger than the caches. Tokens choose their experts at random.
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

  /** Some rows that pass some linear layers one after another. */
  private record Tile(List<PackedLinear> linears, int rows) {}

  CpuGemmFloor(ModelConfig config, CpuWeights weights, WorkerPool pool, List<Worker> workers) {
    this.config = config;
    this.weights = weights;
    this.pool = pool;
    this.workers = workers;
  }

  @Override
  public double seconds(int tokens) {
    List<List<Tile>> layers = layers(tokens);
    boolean fewTokens = tokens <= TilePlan.MAX_ROWS;
    int rows = TilePlan.largest(tokens);
    try (NativeMemory source = matrices(rows * widest(PackedLinear::inputs), "timed inputs");
        NativeMemory target = matrices(rows * widest(PackedLinear::outputs), "timed outputs")) {
      fill(source);
      double best = best(worker -> multiplyRows(worker, layers, source, target));
      if (!fewTokens) {
        return best;
      }
      List<List<Tile>> whole = layers(tokens, 1);
      return Math.min(best, best(worker -> multiplyColumns(worker, whole, source, target)));
    }
  }

  private List<List<Tile>> layers(int tokens) {
    return layers(tokens, workers.size());
  }

  /** The tiles of each layer, for threads that share rows. */
  private List<List<Tile>> layers(int tokens, int threads) {
    TilePlan plan = new TilePlan(tokens, threads);
    SplittableRandom random = new SplittableRandom(0);
    List<List<Tile>> layers = new ArrayList<>();
    for (int index = 0; index < config.layerCount(); index++) {
      CpuLayerWeights layer = weights.layer(index);
      List<Tile> tiles = new ArrayList<>();
      for (int tile = 0; tile < plan.count(); tile++) {
        tiles.add(new Tile(layer.linears(), TilePlan.roundRows(plan.rows(tile))));
      }
      if (layer.feedForward() instanceof ExpertsWeights experts
          && config.layers().get(index).feedForward() instanceof ExpertsConfig routed) {
        for (ExpertRouting.Tile tile : route(routed, tokens, threads, random)) {
          List<PackedLinear> linears = experts.experts().get(tile.expert()).linears();
          tiles.add(new Tile(linears, TilePlan.roundRows(tile.count())));
        }
      }
      layers.add(tiles);
    }
    return layers;
  }

  private static List<ExpertRouting.Tile> route(
      ExpertsConfig experts, int tokens, int threads, SplittableRandom random) {
    ExpertRouting routing = new ExpertRouting(experts, tokens);
    float[] scores = new float[experts.experts()];
    for (int token = 0; token < tokens; token++) {
      for (int expert = 0; expert < scores.length; expert++) {
        scores[expert] = (float) random.nextDouble();
      }
      routing.choose(token, scores);
    }
    routing.group(tokens, threads);
    return routing.tiles();
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
      int worker, List<List<Tile>> layers, NativeMemory sources, NativeMemory targets) {
    long source = matrix(sources, worker, workers.size());
    long target = matrix(targets, worker, workers.size());
    KernelCache kernels = workers.get(worker).kernels();
    try (LinearInput input = new LinearInput(kernels)) {
      for (List<Tile> tiles : layers) {
        for (int i = worker; i < tiles.size(); i += workers.size()) {
          for (PackedLinear linear : tiles.get(i).linears()) {
            input.set(linear.type(), source, tiles.get(i).rows(), linear.inputs());
            linear.multiply(kernels, LinearOperands.of(input, target));
          }
        }
      }
    }
  }

  /** All rows for each worker, which takes every {@code workers.size()}-th slice of columns. */
  private void multiplyColumns(
      int worker, List<List<Tile>> layers, NativeMemory sources, NativeMemory targets) {
    long source = matrix(sources, worker, workers.size());
    long target = matrix(targets, worker, workers.size());
    KernelCache kernels = workers.get(worker).kernels();
    try (LinearInput input = new LinearInput(kernels)) {
      for (List<Tile> tiles : layers) {
        for (Tile tile : tiles) {
          for (PackedLinear linear : tile.linears()) {
            input.set(linear.type(), source, tile.rows(), linear.inputs());
            LinearOperands operands = LinearOperands.of(input, target);
            for (int slice = worker; slice < linear.slices(); slice += workers.size()) {
              linear.multiplySlice(kernels, slice, operands);
            }
          }
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

  private long widest(ToIntFunction<PackedLinear> size) {
    return layers(1).stream()
        .flatMap(List::stream)
        .flatMap(tile -> tile.linears().stream())
        .mapToInt(size)
        .max()
        .orElseThrow();
  }
}
