package io.nightshift.runtime.constraint.mask;

import io.nightshift.runtime.constraint.matcher.Configuration;
import java.util.Set;

/** The tokens that may follow a configuration, and where they lead. */
final class Successors {
  private final TokenMask mask;
  private final Set<Configuration> configurations;
  private final boolean pruned;
  private final int mostBytes;
  // Computed when it is needed; threads that compute it at once find the same.
  private int mostTokens = -1;

  Successors(TokenMask mask, Set<Configuration> configurations) {
    this(mask, configurations, false);
  }

  /**
   * @param pruned whether tokens were left out only because too few would remain after them
   */
  Successors(TokenMask mask, Set<Configuration> configurations, boolean pruned) {
    this.mask = mask;
    this.configurations = configurations;
    this.pruned = pruned;
    this.mostBytes =
        configurations.stream().mapToInt(Configuration::completionBytes).max().orElse(0);
  }

  TokenMask mask() {
    return mask;
  }

  Set<Configuration> configurations() {
    return configurations;
  }

  boolean isPruned() {
    return pruned;
  }

  /** After any of the tokens, the answer can be completed with so many bytes. */
  int mostBytes() {
    return mostBytes;
  }

  /** After any of the tokens, the answer can be completed with so many tokens. */
  int mostTokens(Completions completions) {
    if (mostTokens < 0) {
      int most = 0;
      for (Configuration configuration : configurations) {
        most = Math.max(most, completions.tokens(configuration));
      }
      mostTokens = most;
    }
    return mostTokens;
  }
}
