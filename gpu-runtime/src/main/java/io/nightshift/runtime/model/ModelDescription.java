package io.nightshift.runtime.model;

import java.util.Optional;

/**
 * A model without its weights: what rendering, tokenizing and planning need.
 *
 * @param config the architecture
 * @param tokenizerSource what to build the model's tokenizer from
 * @param chatTemplate the model's chat template, where it has one
 */
public record ModelDescription(
    ModelConfig config, TokenizerSource tokenizerSource, Optional<ChatTemplate> chatTemplate) {}
