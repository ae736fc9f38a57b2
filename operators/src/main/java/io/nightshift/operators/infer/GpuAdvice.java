package io.nightshift.operators.infer;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.GpuCapacity;
import io.nightshift.runtime.cuda.device.ByteCount;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.shard.ModelShard;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How many GPUs an engine should have: the fewest that hold the model and a KV cache that is large
 * enough. More would only exchange more, and are better used by engines of their own.
 *
 * @param degree GPUs of an engine
 * @param memory bytes of each GPU
 * @param capacity of each GPU
 * @param wantedTokens tokens of the KV cache that the rows want
 */
record GpuAdvice(int degree, long memory, GpuCapacity capacity, long wantedTokens) {

  /**
   * Finds the number; if none leaves room for a KV cache that is large enough, the one that leaves
   * most. Empty if the model does not fit.
   *
   * @param config of an engine, whatever number of GPUs it has
   * @param memory bytes of each GPU
   * @param available maximum number of GPUs of an engine
   * @param wantedTokens tokens of the KV cache that the rows want
   */
  static Optional<GpuAdvice> of(
      ModelConfig model, EngineConfig config, long memory, int available, long wantedTokens) {
    Optional<GpuAdvice> best = Optional.empty();
    for (int degree = 1; degree <= available; degree++) {
      if (ModelShard.refusal(model, degree).isEmpty()) {
        GpuAdvice next =
            new GpuAdvice(degree, memory, capacity(model, config, degree, memory), wantedTokens);
        if (next.isEnough()) {
          return Optional.of(next);
        }
        if (next.room() > best.map(GpuAdvice::room).orElse(0L)) {
          best = Optional.of(next);
        }
      }
    }
    return best;
  }

  private static GpuCapacity capacity(
      ModelConfig model, EngineConfig config, int degree, long memory) {
    EngineConfig ranks = config.withGpus(IntStream.range(0, degree).boxed().toList());
    return GpuCapacity.of(memory, EngineRanks.model(model, 0, degree), ranks.ofRank(0));
  }

  private long room() {
    return capacity.kvCacheTokens();
  }

  /**
   * Whether another GPU would not make the engine faster. If the cache is as large as the weights,
   * steps read as much of it as of the weights: with twice the GPUs, each would do at most half as
   * much again, of which the exchange between ranks takes the larger part.
   */
  private boolean isEnough() {
    return capacity.kvCache() > 0
        && (room() >= wantedTokens || capacity.kvCache() >= capacity.weights());
  }

  /** The advice for people, in a line. */
  @Override
  public String toString() {
    return "%s of %s%s: %s of weights%s, room for %s tokens in the KV cache; the rows want %s%s"
        .formatted(
            degree == 1 ? "1 GPU" : degree + " GPUs",
            ByteCount.text(memory),
            degree == 1 ? "" : " (engine.tensor-parallel: " + degree + ")",
            ByteCount.text(capacity.weights()),
            degree == 1 ? "" : " on each",
            number(room()),
            number(wantedTokens),
            room() >= wantedTokens ? "" : ", so that fewer are answered at a time");
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
