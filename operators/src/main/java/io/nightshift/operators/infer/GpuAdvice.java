package io.nightshift.operators.infer;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.GpuCapacity;
import io.nightshift.runtime.cuda.device.ByteCount;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.model.shard.ModelShard;
import java.util.List;
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

  private static final double MUCH_OF_THE_WEIGHTS = 0.75;

  /** Memory that CUDA reports of GPUs of 80 GB (A100, H100) and of 141 GB (H200). */
  private static final List<Long> WELL_KNOWN = List.of(79L << 30, 139L << 30);

  private static final int MOST_OF_A_HOST = 8;

  /**
   * Lines that say how many of some GPUs an engine should have, and why.
   *
   * @param gpus of this host; empty for hosts with GPUs of well-known sizes
   * @param config of an engine, whatever number of GPUs it has
   * @param wantedTokens tokens of the KV cache that the rows want
   */
  static List<String> lines(
      List<Gpu> gpus, EngineModel model, EngineConfig config, long wantedTokens) {
    if (gpus.isEmpty()) {
      return WELL_KNOWN.stream()
          .flatMap(memory -> lines(memory, MOST_OF_A_HOST, model, config, wantedTokens).stream())
          .toList();
    }
    long memory = gpus.stream().mapToLong(Gpu::memory).min().orElseThrow();
    return lines(memory, gpus.size(), model, config, wantedTokens);
  }

  private static List<String> lines(
      long memory, int available, EngineModel model, EngineConfig config, long wantedTokens) {
    return of(model, config, memory, available, wantedTokens)
        .map(advice -> advice.lines(config.tensorParallel()))
        .orElseGet(
            () ->
                List.of(
                    "the model does not fit %s of %s: use larger GPUs, or model.dtype fp8"
                        .formatted(
                            available == 1 ? "a GPU" : "up to " + available + " GPUs",
                            ByteCount.text(memory))));
  }

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
      EngineModel model, EngineConfig config, long memory, int available, long wantedTokens) {
    Optional<GpuAdvice> best = Optional.empty();
    for (int degree = 1; degree <= available; degree++) {
      if (ModelShard.refusal(model.config(), degree).isEmpty()) {
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
      EngineModel model, EngineConfig config, int degree, long memory) {
    EngineConfig ranks = config.withGpus(IntStream.range(0, degree).boxed().toList());
    EngineModel first = model.ofRank(0, degree);
    return GpuCapacity.of(memory, first.config(), first.encodings(), ranks.ofRank(0));
  }

  private long room() {
    return capacity.kvCacheTokens();
  }

  /**
   * Whether the rows have the cache that they want, or one so large that steps read about as much
   * of it as of the weights. With twice the GPUs, and more than twice the cache, steps would then
   * have so many rows that their GEMMs take longer than reading the weights: each GPU would do as
   * much as before, and exchange it.
   */
  private boolean isEnough() {
    return capacity.kvCache() > 0
        && (room() >= wantedTokens
            || capacity.kvCache() >= MUCH_OF_THE_WEIGHTS * capacity.weights());
  }

  /**
   * The advice for people, and its reason.
   *
   * @param chosen GPUs that the job gives an engine
   */
  List<String> lines(int chosen) {
    return List.of(
        "%s of %s (engine.tensor-parallel: %s%s)"
            .formatted(
                degree == 1 ? "1 GPU" : degree + " GPUs",
                ByteCount.text(memory),
                degree,
                degree == chosen ? "" : "; the job has " + chosen),
        "%s of weights%s, room for %s tokens in the KV cache; the rows want %s%s"
            .formatted(
                ByteCount.text(capacity.weights()),
                degree == 1 ? "" : " on each",
                number(room()),
                number(wantedTokens),
                room() >= wantedTokens ? "" : ", so that fewer are answered at a time"));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
