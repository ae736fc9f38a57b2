package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ExpertsConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The experts that the rows of a step pass in one layer, shared by the workers: first each worker
 * chooses the experts of its rows, then one of them groups the rows by expert.
 *
 * <p>Choice {@code c} of row {@code r} has the number {@code r * expertsPerToken + c}.
 */
final class ExpertRouting {
  private final ExpertsConfig config;
  private final int[] experts;
  private final float[] weights;
  private final int[] grouped;
  private List<Tile> tiles = List.of();

  /**
   * Some rows that pass one expert: choices {@link #choice} {@code from} to {@code from + count}.
   */
  record Tile(int expert, int from, int count) {}

  ExpertRouting(ExpertsConfig config, int maxRows) {
    this.config = config;
    int choices = Math.multiplyExact(maxRows, config.expertsPerToken());
    experts = new int[choices];
    weights = new float[choices];
    grouped = new int[choices];
  }

  /**
   * Chooses the experts with the highest scores, of equal ones the first, and their weights.
   *
   * @param scores of all experts
   */
  void choose(int row, float[] scores) {
    int first = row * config.expertsPerToken();
    int end = first + config.expertsPerToken();
    double largest = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    if (!config.normalized()) {
      for (float score : scores) {
        sum += Math.exp(score - largest);
      }
    }
    for (int choice = first; choice < end; choice++) {
      experts[choice] = best(scores, first, choice);
      double weight = Math.exp(scores[experts[choice]] - largest);
      weights[choice] = (float) weight;
      sum += config.normalized() ? weight : 0;
    }
    for (int choice = first; choice < end; choice++) {
      weights[choice] = (float) (weights[choice] / sum);
    }
  }

  /** The expert with the highest score that is none of the choices {@code first} to {@code end}. */
  private int best(float[] scores, int first, int end) {
    int best = -1;
    for (int expert = 0; expert < scores.length; expert++) {
      if ((best < 0 || scores[expert] > scores[best]) && !isChosen(expert, first, end)) {
        best = expert;
      }
    }
    return best;
  }

  private boolean isChosen(int expert, int first, int end) {
    for (int choice = first; choice < end; choice++) {
      if (experts[choice] == expert) {
        return true;
      }
    }
    return false;
  }

  /** Groups the choices of the first {@code rows} rows by expert, in tiles for the workers. */
  void group(int rows, int workers) {
    int choices = rows * config.expertsPerToken();
    int[] starts = new int[config.experts() + 1];
    for (int choice = 0; choice < choices; choice++) {
      starts[experts[choice] + 1]++;
    }
    for (int expert = 0; expert < config.experts(); expert++) {
      starts[expert + 1] += starts[expert];
    }
    int[] next = starts.clone();
    for (int choice = 0; choice < choices; choice++) {
      grouped[next[experts[choice]]++] = choice;
    }
    tiles = tiles(starts, workers);
  }

  /**
   * Tiles of about equal size, those of one expert next to each other, and experts with many rows
   * first, so that no worker waits long for another's last tile. An expert's rows are divided if
   * they are more than a tile, or if there were too few tiles for the workers.
   */
  private static List<Tile> tiles(int[] starts, int workers) {
    int[] counts = new int[starts.length - 1];
    Arrays.setAll(counts, expert -> starts[expert + 1] - starts[expert]);
    List<Integer> busy =
        IntStream.range(0, counts.length)
            .filter(expert -> counts[expert] > 0)
            .boxed()
            .sorted(Comparator.comparing(expert -> -counts[expert]))
            .toList();
    int share = TilePlan.roundRows((starts[counts.length] + workers - 1) / workers);
    int largest = busy.size() < workers ? Math.min(share, TilePlan.MAX_ROWS) : TilePlan.MAX_ROWS;
    List<Tile> tiles = new ArrayList<>();
    for (int expert : busy) {
      int parts = (counts[expert] + largest - 1) / largest;
      int rows = TilePlan.roundRows((counts[expert] + parts - 1) / parts);
      int end = starts[expert + 1];
      for (int from = starts[expert]; from < end; from += rows) {
        tiles.add(new Tile(expert, from, Math.min(rows, end - from)));
      }
    }
    return tiles;
  }

  List<Tile> tiles() {
    return tiles;
  }

  /** The choice at an index of the grouped ones. */
  int choice(int index) {
    return grouped[index];
  }

  /** The row of a choice. */
  int row(int choice) {
    return choice / config.expertsPerToken();
  }

  /** The expert of a choice. */
  int expert(int choice) {
    return experts[choice];
  }

  /** The weight of a choice in the output of its row. */
  float weight(int choice) {
    return weights[choice];
  }
}
