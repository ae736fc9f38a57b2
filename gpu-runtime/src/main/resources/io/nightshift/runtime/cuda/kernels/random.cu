// Random weights for benchmarks, the same that RandomModelFiles makes on the host: four numbers of a
// table of 65,536 normal ones for each number of splitmix64 (Steele, Lea and Flood, 2014).
#include "common.cuh"

__device__ inline unsigned long long splitMix64(unsigned long long x) {
  unsigned long long z = x + 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

extern "C" __global__ void __launch_bounds__(256) random_rows(const float* table,
    long long streamBase, int firstRow, bf16* target, int rows, int columns) {
  awaitStream();
  int groups = (columns + 3) / 4;
  long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= (long long)rows * groups) {
    return;
  }
  long long row = index / groups;
  int column = (int)(index % groups) * 4;
  unsigned long long stream = (unsigned long long)streamBase | (unsigned long long)(firstRow + row);
  unsigned long long bits = splitMix64(splitMix64(stream) + column);
  for (int i = column; i < min(columns, column + 4); i++) {
    target[row * columns + i] = __float2bfloat16_rn(table[bits & 0xffff]);
    bits >>= 16;
  }
}
