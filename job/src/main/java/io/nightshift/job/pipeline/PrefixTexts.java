package io.nightshift.job.pipeline;

import io.nightshift.job.progress.PlanReport;
import io.nightshift.operators.plan.PlannedPrefix;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The largest prefixes of a plan as readable text. */
final class PrefixTexts {
  /** Prefixes that are shown. */
  private static final int SHOWN = 5;

  /** Tokens of a prefix's beginning, and of its end, that are shown. */
  private static final int SHOWN_TOKENS = 16;

  private PrefixTexts() {}

  static List<PlanReport.Prefix> of(List<PlannedPrefix> largest, Path modelPath) {
    try (Tokenizer tokenizer =
        Tokenizers.open(ModelFormats.describe(modelPath).tokenizerSource())) {
      return largest.stream()
          .limit(SHOWN)
          .map(
              prefix ->
                  new PlanReport.Prefix(
                      prefix.rows(), prefix.tokens().length, text(prefix, tokenizer)))
          .toList();
    }
  }

  private static String text(PlannedPrefix prefix, Tokenizer tokenizer) {
    int[] tokens = prefix.tokens();
    String text =
        tokens.length <= 2 * SHOWN_TOKENS
            ? tokenizer.decode(tokens)
            : tokenizer.decode(Arrays.copyOf(tokens, SHOWN_TOKENS))
                + " … "
                + tokenizer.decode(
                    Arrays.copyOfRange(tokens, tokens.length - SHOWN_TOKENS, tokens.length));
    return text.strip().replaceAll("\\s+", " ");
  }
}
