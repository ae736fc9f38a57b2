// How gate and up of a gated MLP are combined (-DACTIVATION=0|1|2).
#pragma once

// ACTIVATION 0, SwiGLU: silu(gate) * up (Shazeer, "GLU variants improve transformer", 2020).
// 1, GeGLU: gelu(gate) * up, with GELU's approximation by tanh (Hendrycks and Gimpel, "Gaussian error
// linear units", 2016). 2: SwiGLU of clamped values with a shifted up (gpt-oss).
__device__ inline float gated(float gate, float up) {
#if ACTIVATION == 0
  return __fdividef(gate, 1 + __expf(-gate)) * up;
#elif ACTIVATION == 1
  float inner = 0.7978845608028654f * (gate + 0.044715f * gate * gate * gate);
  // (1 + tanh(x)) / 2 is the logistic function of 2x, which costs less and cancels nothing.
  return __fdividef(gate, 1 + __expf(-2 * inner)) * up;
#else
  // Comparisons that keep NaN, which fminf would hide.
  gate = gate > 7 ? 7 : gate;
  up = up > 7 ? 7 : up < -7 ? -7 : up;
  return __fdividef(gate, 1 + __expf(-1.702f * gate)) * (up + 1);
#endif
}
