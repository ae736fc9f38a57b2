// The activation of the gate (-DGELU=0|1).
#pragma once

__device__ inline float activation(float x) {
#if GELU
  // The approximation with tanh (Hendrycks and Gimpel, "Gaussian error linear units", 2016).
  float inner = 0.7978845608028654f * (x + 0.044715f * x * x * x);
  return 0.5f * x * (1 + tanhf(inner));
#else
  return __fdividef(x, 1 + __expf(-x));
#endif
}
