// RMS norm (Zhang and Sennrich, 2019) of the residual stream, with what belongs before it: gathering
// rows, adding the last projection's output; and behind it: rounding to 8 bits with a scale a row.
#include "common.cuh"

constexpr int WIDTH = vectorWidth(HIDDEN_SIZE);
constexpr int THREADS = rowThreads(HIDDEN_SIZE);
constexpr int VECTORS = vectorsPerThread(HIDDEN_SIZE);

// Element of this thread's vector v of the row; at or behind HIDDEN_SIZE where it has none.
__device__ inline int elementOf(int v) {
  return (threadIdx.x + v * THREADS) * WIDTH;
}

__device__ inline void normalize(const bf16* delta, const float* bias, const int* sources,
    const bf16* residualIn, bf16* residualOut, const float* weight, float epsilon,
    float (&x)[VECTORS][WIDTH]) {
  long long row = blockIdx.x;
  long long source = sources == nullptr ? row : sources[row];
  float squares = 0;
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int element = elementOf(v);
    if (element < HIDDEN_SIZE) {
      load(residualIn + source * HIDDEN_SIZE + element, x[v]);
      if (delta != nullptr) {
        float added[WIDTH];
        load(delta + row * HIDDEN_SIZE + element, added);
#pragma unroll
        for (int i = 0; i < WIDTH; i++) {
          x[v][i] += added[i];
        }
      }
      if (bias != nullptr) {
        float added[WIDTH];
        load(bias + element, added);
#pragma unroll
        for (int i = 0; i < WIDTH; i++) {
          x[v][i] += added[i];
        }
      }
      if (residualOut != nullptr) {
        store(residualOut + row * HIDDEN_SIZE + element, x[v]);
      }
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        squares += x[v][i] * x[v][i];
      }
    }
  }
  float factor = rsqrtf(reduceBlock(squares, Sum()) / HIDDEN_SIZE + epsilon);
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int element = elementOf(v);
    if (element < HIDDEN_SIZE) {
      float weights[WIDTH];
      load(weight + element, weights);
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        x[v][i] *= factor * weights[i];
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm(const bf16* delta,
    const float* bias, const int* sources, const bf16* residualIn, bf16* residualOut,
    const float* weight, float epsilon, bf16* output) {
  float x[VECTORS][WIDTH];
  normalize(delta, bias, sources, residualIn, residualOut, weight, epsilon, x);
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int element = elementOf(v);
    if (element < HIDDEN_SIZE) {
      store(output + (long long)blockIdx.x * HIDDEN_SIZE + element, x[v]);
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm_fp8(const bf16* delta,
    const float* bias, const int* sources, const bf16* residualIn, bf16* residualOut,
    const float* weight, float epsilon, e4m3* output, float* scales) {
  float x[VECTORS][WIDTH];
  normalize(delta, bias, sources, residualIn, residualOut, weight, epsilon, x);
  float largest = 0;
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    if (elementOf(v) < HIDDEN_SIZE) {
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
    if (element < HIDDEN_SIZE) {
      store(output + (long long)blockIdx.x * HIDDEN_SIZE + element, x[v], factor);
    }
  }
  if (threadIdx.x == 0) {
    scales[blockIdx.x] = largest / E4M3_LARGEST;
  }
}
