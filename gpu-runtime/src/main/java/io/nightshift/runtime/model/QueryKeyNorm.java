package io.nightshift.runtime.model;

/** RMS norm of queries and keys before the rotary embedding. */
public enum QueryKeyNorm {
  NONE,

  /** Each head by itself, with weights of the head's size that all heads share (Qwen3, Gemma 3). */
  EACH_HEAD,

  /** All heads of a token together, with a weight for each of their elements (OLMo 2). */
  ALL_HEADS
}
