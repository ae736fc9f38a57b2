// Random weights, the same as RandomModelFiles in Java generates: four numbers of a table of 65,536
// normal ones for each number of SplitMix64 (Steele, Lea and Flood, 2014), rounded to bf16.
//
// random_rows(f32 table[65536], i64 streamBase, i32 firstRow, bf16 target[rows][columns], i32 rows,
//     i32 columns)
//     streamBase: hash of the tensor's name in the upper 32 bits; firstRow: the tensor's row at the
//     start of target
//     grid ceil(rows * ceil(columns / 4) / 256), block 256
// random_codes(i64 streamBase, i32 firstRow, f32 meanScale, f32 center, u64 codes[rows][words],
//     f16 scales[rows][groups], f16 offsets[rows][groups], i32 rows, i32 words, i32 groups)
//     packed weights, of any bits: scales are meanScale times 0.5 to 1.5, offsets, which may be null,
//     -center times that (QuantizedNumbers in Java)
//     grid ceil(rows * max(words, groups) / 256), block 256
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

extern "C" __global__ void __launch_bounds__(256) random_codes(long long streamBase, int firstRow,
    float meanScale, float center, unsigned long long* codes, __half* scales, __half* offsets, int rows,
    int words, int groups) {
  awaitStream();
  int items = max(words, groups);
  long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= (long long)rows * items) {
    return;
  }
  long long row = index / items;
  int item = (int)(index % items);
  unsigned long long stream = (unsigned long long)streamBase | (unsigned long long)(firstRow + row);
  unsigned long long state = splitMix64(stream);
  if (item < words) {
    codes[row * words + item] = splitMix64(state + item);
  }
  if (item < groups) {
    float evenly = (float)(splitMix64(~state + item) >> 40) * 0x1p-24f;
    float scale = meanScale * (0.5f + evenly);
    scales[row * groups + item] = __float2half_rn(scale);
    if (offsets != nullptr) {
      offsets[row * groups + item] = __float2half_rn(-center * scale);
    }
  }
}
