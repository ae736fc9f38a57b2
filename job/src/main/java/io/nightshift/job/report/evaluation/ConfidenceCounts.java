package io.nightshift.job.report.evaluation;

import io.nightshift.job.report.EvaluationFigures.CalibrationBin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Right and wrong answers by their confidence, in memory that does not depend on the number of
 * rows.
 *
 * <p>Calibration is that of Guo et al., On Calibration of Modern Neural Networks (2017): {@value
 * #BINS} bins of equal width, each without its lower bound.
 */
final class ConfidenceCounts {
  static final int BINS = 15;

  /** Bits that are left out of a doubt, so that doubts which differ by 1/2048 are told apart. */
  private static final int ROUNDED_BITS = 12;

  private static final int DOUBTS = (Float.floatToIntBits(1) >>> ROUNDED_BITS) + 1;

  private final long[] rows = new long[BINS];
  private final long[] right = new long[BINS];
  private final double[] confidence = new double[BINS];

  /** Rows by their doubt: one minus the confidence, of which small ones must be told apart. */
  private final long[] rowsByDoubt = new long[DOUBTS];

  private final long[] rightByDoubt = new long[DOUBTS];

  /**
   * Counts a row.
   *
   * @param probability of its answer, which may be off by rounding
   */
  void add(double probability, boolean isRight) {
    double bounded = Math.min(1, Math.max(0, probability));
    int bin = bin(bounded);
    rows[bin]++;
    confidence[bin] += bounded;
    int doubt = Float.floatToIntBits((float) (1 - bounded)) >>> ROUNDED_BITS;
    rowsByDoubt[doubt]++;
    if (isRight) {
      right[bin]++;
      rightByDoubt[doubt]++;
    }
  }

  private static int bin(double confidence) {
    int bin = (int) (confidence * BINS);
    while (bin > 0 && confidence <= bound(bin)) {
      bin--;
    }
    return Math.min(bin, BINS - 1);
  }

  private static double bound(int bin) {
    return (double) bin / BINS;
  }

  void add(ConfidenceCounts other) {
    for (int bin = 0; bin < BINS; bin++) {
      rows[bin] += other.rows[bin];
      right[bin] += other.right[bin];
      confidence[bin] += other.confidence[bin];
    }
    for (int doubt = 0; doubt < DOUBTS; doubt++) {
      rowsByDoubt[doubt] += other.rowsByDoubt[doubt];
      rightByDoubt[doubt] += other.rightByDoubt[doubt];
    }
  }

  /** Number of rows. */
  long rows() {
    return Arrays.stream(rows).sum();
  }

  /**
   * Fraction of right answers among the most certain quarter of the rows, rounded up to a whole
   * number of rows. Rows of about the same confidence at its end count in part, as if any of them
   * were in it.
   */
  double accuracyOfMostCertainQuarter() {
    long quarter = (rows() + 3) / 4;
    long left = quarter;
    double rightOfQuarter = 0;
    for (int doubt = 0; left > 0; doubt++) {
      long taken = Math.min(left, rowsByDoubt[doubt]);
      if (taken > 0) {
        rightOfQuarter += (double) rightByDoubt[doubt] * taken / rowsByDoubt[doubt];
        left -= taken;
      }
    }
    return rightOfQuarter / quarter;
  }

  /** The bins, the lowest first. */
  List<CalibrationBin> bins() {
    List<CalibrationBin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      double divisor = Math.max(1, rows[bin]);
      bins.add(
          new CalibrationBin(
              bound(bin),
              bound(bin + 1),
              rows[bin],
              confidence[bin] / divisor,
              right[bin] / divisor));
    }
    return bins;
  }

  /** Mean difference of confidence and accuracy over the bins, weighted by their rows. */
  double expectedCalibrationError() {
    double difference = 0;
    for (int bin = 0; bin < BINS; bin++) {
      difference += Math.abs(right[bin] - confidence[bin]);
    }
    return difference / rows();
  }
}
