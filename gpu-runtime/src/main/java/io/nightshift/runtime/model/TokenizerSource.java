package io.nightshift.runtime.model;

/** What a model brings to build its tokenizer from. */
public sealed interface TokenizerSource permits TokenizerJson, GgufVocabulary {}
