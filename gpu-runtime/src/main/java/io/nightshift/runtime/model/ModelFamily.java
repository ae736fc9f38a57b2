package io.nightshift.runtime.model;

/**
 * Supported architecture families. SmolLM and Llama 3 are {@link #LLAMA}, Qwen2.5 is {@link
 * #QWEN2}.
 */
public enum ModelFamily {
  LLAMA,
  MISTRAL,
  QWEN2,
  QWEN3
}
