package io.nightshift.benchmarks.fleet;

import java.util.SplittableRandom;

/**
 * How long an engine takes, from measured steps: Llama 8B in bf16 on one H200, whose decode steps
 * take 5.7 ms with one row and 16 ms with 256 rows, and whose prefills take 22.1 us a token
 * (docs/notebook/engine.md).
 */
final class StepModel {
  private static final double ONE_ROW_SECONDS = 5.7e-3;
  private static final double ROW_SECONDS = (16e-3 - 5.7e-3) / 255;
  private static final double PREFILL_SECONDS = 22.1e-6;

  /** Rows that an engine answers at the same time. */
  static final int RUNNING_ROWS = 256;

  /** Tokens of a prompt that are left to compute. */
  static final int PROMPT_TOKENS = 200;

  /** Mean output tokens of a row; lengths are between a fifth and nine fifths of it. */
  static final int OUTPUT_TOKENS = 1000;

  private StepModel() {}

  /** Seconds of a decode step on an engine of speed 1. */
  static double decodeSeconds(int rows) {
    return ONE_ROW_SECONDS + ROW_SECONDS * (rows - 1);
  }

  /** Seconds that the prompt of a row takes on an engine of speed 1. */
  static double prefillSeconds() {
    return PREFILL_SECONDS * PROMPT_TOKENS;
  }

  /** Seconds that a row takes of a full engine of speed 1. */
  static double rowSeconds() {
    return prefillSeconds() + OUTPUT_TOKENS * decodeSeconds(RUNNING_ROWS) / RUNNING_ROWS;
  }

  /** Output tokens of a row, always the same of the same row. */
  static int outputTokens(long row) {
    int fifth = OUTPUT_TOKENS / 5;
    return fifth + new SplittableRandom(row).nextInt(8 * fifth + 1);
  }
}
