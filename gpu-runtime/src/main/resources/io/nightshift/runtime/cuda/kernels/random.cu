// Random weights, the same as RandomModelFiles in Java generates: four numbers of a table of 65,536
// normal ones for each number of SplitMix64 (Steele, Lea and Flood, 2014), rounded to bf16.
//
// random_rows(f32 table[65536], i64 streamBase, i32 firstRow, bf16 target[rows][columns], i32 rows,
//     i32 columns)
//     streamBase: hash of the tensor's name in the upper 32 bits; firstRow: the tensor's row at the
//     start of target
//     grid ceil(rows * ceil(columns / 4) / 256), block 256
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
