package io.nightshift.runtime.model.shard;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.QueryKeyNorm;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which degrees of tensor parallelism a model can be divided by. */
final class ShardingRules {
  /** The largest degree that messages propose. Hosts have at most 16 GPUs. */
  private static final int LARGEST_PROPOSED = 64;

  private ShardingRules() {}

  /** Why the model cannot be divided, with the degrees that can be used; empty if it can be. */
  static Optional<String> refusal(ModelConfig model, int degree) {
    return problem(model, degree)
        .map(problem -> problem + "; use a tensor-parallel degree of " + alternatives(model));
  }

  private static String alternatives(ModelConfig model) {
    List<String> degrees =
        IntStream.rangeClosed(1, Math.min(LARGEST_PROPOSED, model.attention().heads()))
            .filter(degree -> problem(model, degree).isEmpty())
            .mapToObj(Integer::toString)
            .toList();
    int last = degrees.size() - 1;
    return last == 0
        ? degrees.get(0)
        : degrees.stream().limit(last).collect(Collectors.joining(", "))
            + " or "
            + degrees.get(last);
  }

  private static Optional<String> problem(ModelConfig model, int degree) {
    AttentionConfig attention = model.attention();
    int keyValueHeads = attention.keyValueHeads();
    if (attention.heads() % degree != 0) {
      return Optional.of(indivisible(attention.heads() + " attention heads", degree));
    }
    if (keyValueHeads % degree != 0 && degree % keyValueHeads != 0) {
      return Optional.of(indivisible(keyValueHeads + " key and value heads", degree));
    }
    if (degree > 1 && attention.queryKeyNorm() == QueryKeyNorm.ALL_HEADS) {
      return Optional.of(
          "The model norms the queries of all attention heads together, so that %s ranks cannot"
                  .formatted(degree)
              + " compute some heads each");
    }
    return model.layers().stream()
        .map(LayerConfig::feedForward)
        .filter(feedForward -> feedForward.intermediateSize() % degree != 0)
        .map(
            feedForward ->
                indivisible("intermediate size of " + feedForward.intermediateSize(), degree))
        .findFirst();
  }

  private static String indivisible(String what, int degree) {
    return "The model's %s cannot be divided evenly among %s ranks".formatted(what, degree);
  }
}
