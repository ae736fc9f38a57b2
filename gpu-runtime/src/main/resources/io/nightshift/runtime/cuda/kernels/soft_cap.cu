// The soft cap of logits (Gemma 2): x becomes cap * tanh(x / cap).
//
// soft_cap(f32 logits[rows][columns], i32 rows, i32 columns, f32 cap)
//     grid ceil(rows * columns / 256), block 256
#include "common.cuh"

extern "C" __global__ void soft_cap(float* logits, int rows, int columns, float cap) {
  awaitStream();
  long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (index < (long long)rows * columns) {
    logits[index] = cap * tanhf(logits[index] / cap);
  }
}
