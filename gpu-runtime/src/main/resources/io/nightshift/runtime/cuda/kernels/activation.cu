// The gated activation of the feed-forward network (Shazeer, 2020): activation(gate) * up.
#include "common.cuh"

constexpr int WIDTH = vectorWidth(INTERMEDIATE_SIZE);
constexpr int THREADS = rowThreads(INTERMEDIATE_SIZE);
constexpr int VECTORS = vectorsPerThread(INTERMEDIATE_SIZE);

__device__ inline float activation(float x) {
#if GELU
  // The approximation by tanh (Hendrycks and Gimpel, 2016).
  float inner = 0.7978845608028654f * (x + 0.044715f * x * x * x);
  return 0.5f * x * (1 + tanhf(inner));
#else
  return x / (1 + __expf(-x));
#endif
}

__device__ inline int elementOf(int v) {
  return (threadIdx.x + v * THREADS) * WIDTH;
}

__device__ inline void activate(const bf16* gateUp, float (&x)[VECTORS][WIDTH]) {
  const bf16* row = gateUp + (long long)blockIdx.x * 2 * INTERMEDIATE_SIZE;
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int element = elementOf(v);
    if (element < INTERMEDIATE_SIZE) {
      float up[WIDTH];
      load(row + element, x[v]);
      load(row + INTERMEDIATE_SIZE + element, up);
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        x[v][i] = activation(x[v][i]) * up[i];
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS)
    gated_activation(const bf16* gateUp, bf16* output) {
  float x[VECTORS][WIDTH];
  activate(gateUp, x);
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int element = elementOf(v);
    if (element < INTERMEDIATE_SIZE) {
      store(output + (long long)blockIdx.x * INTERMEDIATE_SIZE + element, x[v]);
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS)
    gated_activation_fp8(const bf16* gateUp, e4m3* output, float* scales) {
  float x[VECTORS][WIDTH];
  activate(gateUp, x);
  float largest = 0;
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    if (elementOf(v) < INTERMEDIATE_SIZE) {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        largest = maxOrNan(largest, fabsf(x[v][i]));
      }
    }
  }
  largest = reduceBlock(largest, MaxOrNan());
  float factor = quantizationFactor(largest);
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int element = elementOf(v);
    if (element < INTERMEDIATE_SIZE) {
      store(output + (long long)blockIdx.x * INTERMEDIATE_SIZE + element, x[v], factor);
    }
  }
  if (threadIdx.x == 0) {
    scales[blockIdx.x] = largest / E4M3_LARGEST;
  }
}
