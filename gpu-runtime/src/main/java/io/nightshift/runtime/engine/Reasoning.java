package io.nightshift.runtime.engine;

import java.io.Serializable;

/** How the answers of a reasoning model are divided into reasoning and the answer proper. */
public sealed interface Reasoning extends Serializable permits MarkedReasoning, HarmonyReasoning {

  /**
   * Maximum number of tokens of the reasoning, after which its end is appended and the model
   * continues with the answer; 0 for no limit.
   */
  int maxTokens();

  /** Maximum number of tokens that are appended to end the reasoning, wherever it stands. */
  int longestEnd();
}
