package io.nightshift.runtime.cuda;

import java.util.Arrays;
import java.util.Random;

/** Draws the experts that tokens pass, at random, with given frequencies. */
final class ExpertDraw {
  private ExpertDraw() {}

  /**
   * Draws different experts for each token; the same ones for the same arguments.
   *
   * @param frequencies of the experts, relative to each other and not negative. An expert without
   *     any is drawn only if a token needs more experts than have some
   * @return the first row of each expert, and the number of rows
   */
  static int[] offsets(float[] frequencies, int expertsPerToken, int tokens) {
    Random random = new Random(tokens);
    int[] offsets = new int[frequencies.length + 1];
    boolean[] isDrawn = new boolean[frequencies.length];
    for (int token = 0; token < tokens; token++) {
      Arrays.fill(isDrawn, false);
      for (int choice = 0; choice < expertsPerToken; choice++) {
        int expert = draw(frequencies, isDrawn, random);
        isDrawn[expert] = true;
        offsets[expert + 1]++;
      }
    }
    Arrays.parallelPrefix(offsets, Integer::sum);
    return offsets;
  }

  /** An expert that is not drawn yet. */
  private static int draw(float[] frequencies, boolean[] isDrawn, Random random) {
    double sum = 0;
    for (int expert = 0; expert < frequencies.length; expert++) {
      sum += isDrawn[expert] ? 0 : frequencies[expert];
    }
    double left = random.nextDouble() * sum;
    int last = -1;
    for (int expert = 0; expert < frequencies.length; expert++) {
      if (!isDrawn[expert] && (frequencies[expert] > 0 || last < 0)) {
        last = expert;
        left -= frequencies[expert];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }
}
