// Rounds rows of bf16 to 8 bits, each with a scale of its own: activations (a scale for each token)
// and weights (rows are output channels).
#include "common.cuh"

constexpr int WIDTH = vectorWidth(COLUMNS);
constexpr int THREADS = rowThreads(COLUMNS);
constexpr int VECTORS = vectorsPerThread(COLUMNS);

extern "C" __global__ void __launch_bounds__(THREADS)
    quantize_rows(const bf16* source, e4m3* target, float* scales) {
  long long first = (long long)blockIdx.x * COLUMNS;
  float x[VECTORS][WIDTH];
  float largest = 0;
#pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    int element = (threadIdx.x + v * THREADS) * WIDTH;
    if (element < COLUMNS) {
      load(source + first + element, x[v]);
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
    int element = (threadIdx.x + v * THREADS) * WIDTH;
    if (element < COLUMNS) {
      store(target + first + element, x[v], factor);
    }
  }
  if (threadIdx.x == 0) {
    scales[blockIdx.x] = largest / E4M3_LARGEST;
  }
}
