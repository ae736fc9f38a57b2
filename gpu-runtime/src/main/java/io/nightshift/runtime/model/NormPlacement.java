package io.nightshift.runtime.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a layer has RMS norms around its two parts, attention and the feed-forward network. The
 * names are those of the norms' tensors, without {@code .weight}.
 */
public enum NormPlacement {
  /** Of the input of each part (Llama). */
  BEFORE("input_layernorm", null, "post_attention_layernorm", null),

  /** Of the output of each part, before it is added to the residual stream (OLMo 2). */
  BEHIND(null, "post_attention_layernorm", null, "post_feedforward_layernorm"),

  /** Of both: sandwich norms (Gemma 2 and 3). */
  AROUND(
      "input_layernorm",
      "post_attention_layernorm",
      "pre_feedforward_layernorm",
      "post_feedforward_layernorm");

  private final Optional<String> attentionInput;
  private final Optional<String> attentionOutput;
  private final Optional<String> feedForwardInput;
  private final Optional<String> feedForwardOutput;

  NormPlacement(
      @Nullable String attentionInput,
      @Nullable String attentionOutput,
      @Nullable String feedForwardInput,
      @Nullable String feedForwardOutput) {
    this.attentionInput = Optional.ofNullable(attentionInput);
    this.attentionOutput = Optional.ofNullable(attentionOutput);
    this.feedForwardInput = Optional.ofNullable(feedForwardInput);
    this.feedForwardOutput = Optional.ofNullable(feedForwardOutput);
  }

  public Optional<String> attentionInput() {
    return attentionInput;
  }

  public Optional<String> attentionOutput() {
    return attentionOutput;
  }

  public Optional<String> feedForwardInput() {
    return feedForwardInput;
  }

  public Optional<String> feedForwardOutput() {
    return feedForwardOutput;
  }
}
