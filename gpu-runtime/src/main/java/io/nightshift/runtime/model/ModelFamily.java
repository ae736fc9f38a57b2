package io.nightshift.runtime.model;

/**
 * Supported architecture families, and what all models of a family have in common whatever the
 * format of their files. SmolLM and Llama 3 are {@link #LLAMA}, Qwen2.5 is {@link #QWEN2}, Phi-4 is
 * {@link #PHI3}.
 *
 * <p>Readers of model files follow this; model runners follow the {@link ModelConfig} that readers
 * make of it.
 */
public enum ModelFamily {
  LLAMA(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.NONE),
  MISTRAL(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.NONE),
  QWEN2(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.NONE),
  QWEN3(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.EACH_HEAD),
  GEMMA2(NormPlacement.AROUND, Activation.GELU_TANH, QueryKeyNorm.NONE),
  GEMMA3(NormPlacement.AROUND, Activation.GELU_TANH, QueryKeyNorm.EACH_HEAD),
  PHI3(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.NONE),
  GRANITE(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.NONE),
  OLMO2(NormPlacement.BEHIND, Activation.SILU, QueryKeyNorm.ALL_HEADS),
  SMOLLM3(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.NONE),
  MIXTRAL(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.NONE),
  QWEN3_MOE(NormPlacement.BEFORE, Activation.SILU, QueryKeyNorm.EACH_HEAD),
  GPT_OSS(NormPlacement.BEFORE, Activation.CLAMPED_SWIGLU, QueryKeyNorm.NONE);

  private final NormPlacement normPlacement;
  private final Activation activation;
  private final QueryKeyNorm queryKeyNorm;

  ModelFamily(NormPlacement normPlacement, Activation activation, QueryKeyNorm queryKeyNorm) {
    this.normPlacement = normPlacement;
    this.activation = activation;
    this.queryKeyNorm = queryKeyNorm;
  }

  public NormPlacement normPlacement() {
    return normPlacement;
  }

  public Activation activation() {
    return activation;
  }

  public QueryKeyNorm queryKeyNorm() {
    return queryKeyNorm;
  }
}
