package io.nightshift.runtime.model;

import java.util.Optional;

/**
 * A model without its weights, as needed to render, tokenize and plan.
 *
 * @param config configuration of the model
 * @param tokenizerSource definition of the model's tokenizer
 * @param chatTemplate the model's chat template, if it has one
 * @param quantization how the weights are quantized, for people; empty if they are not
 */
public record ModelDescription(
    ModelConfig config,
    TokenizerSource tokenizerSource,
    Optional<ChatTemplate> chatTemplate,
    Optional<String> quantization) {}
