package io.nightshift.runtime.model;

/**
 * The tokenizer of a Hugging Face folder.
 *
 * @param json content of the folder's {@code tokenizer.json}, as it is
 */
public record TokenizerJson(String json) implements TokenizerSource {}
