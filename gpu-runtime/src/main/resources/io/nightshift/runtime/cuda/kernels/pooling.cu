// Sums of consecutive rows of hidden states, for embeddings that are a mean over tokens.
//
// Needs no definitions.
//
// sum_rows(bf16 states[][columns], i32 columns, i32 ranges[requests][2: first row, rows],
//     f32 sums[requests][columns])
//     grid (requests, columns / 256 rounded up), block 256
#include "common.cuh"

constexpr int THREADS = 256;

// A thread sums one column, so that a sum does not depend on what else is in the step.
extern "C" __global__ void __launch_bounds__(THREADS)
    sum_rows(const bf16* states, int columns, const int* ranges, float* sums) {
  awaitStream();
  int column = blockIdx.y * THREADS + threadIdx.x;
  if (column >= columns) {
    return;
  }
  int rows = ranges[2 * blockIdx.x + 1];
  const bf16* state = states + (long long)ranges[2 * blockIdx.x] * columns + column;
  float sum = 0;
#pragma unroll 8
  for (int row = 0; row < rows; row++) {
    sum += __bfloat162float(state[(long long)row * columns]);
  }
  sums[(long long)blockIdx.x * columns + column] = sum;
}
