package io.nightshift.runtime.model;

/**
 * Supported architecture families. SmolLM and Llama 3 are {@link #LLAMA}, Qwen2.5 is {@link
 * #QWEN2}, Phi-4 is {@link #PHI3}.
 */
public enum ModelFamily {
  LLAMA,
  MISTRAL,
  QWEN2,
  QWEN3,
  GEMMA2,
  GEMMA3,
  PHI3,
  GRANITE,
  OLMO2,
  SMOLLM3,
  MIXTRAL,
  QWEN3_MOE,
  GPT_OSS
}
