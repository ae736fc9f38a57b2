// Rounds rows of bf16 to 8 bits, each with its own scale.
//
// Compiled with -DCOLUMNS (a multiple of 8).
//
// quantize_rows(bf16 source[rows][COLUMNS], e4m3 target[rows][COLUMNS], f32 scales[rows])
//     activations: a row is a token
// quantize_channels(bf16 source[rows][COLUMNS], e4m3 target[rows][COLUMNS], e8m0 scales[rows])
//     weights: a row is an output channel
//     grid rows, block rowThreads(COLUMNS)
#include "common.cuh"

constexpr int THREADS = rowThreads(COLUMNS);

__device__ inline void loadRow(const bf16* source, RowVectors<COLUMNS>& x) {
  const bf16* row = source + (long long)blockIdx.x * COLUMNS;
  forVectors<COLUMNS>([&](int v, int element) { load(row + element, x[v]); });
}

extern "C" __global__ void __launch_bounds__(THREADS)
    quantize_rows(const bf16* source, e4m3* target, float* scales) {
  awaitStream();
  RowVectors<COLUMNS> x;
  loadRow(source, x);
  storeRow<COLUMNS>(x, target, scales);
}

// The smallest power of two, among normal numbers, for which `largest` fits into 8 bits; 255 for infinity
// and NaN.
__device__ inline e8m0 powerOfTwoScale(float largest) {
  unsigned bits = __float_as_uint(largest / E4M3_LARGEST);
  unsigned exponent = (bits >> 23) + ((bits & 0x7fffff) != 0);
  return max(1u, min(exponent, 255u));
}

// A power of two loses no precision, since e4m3 is a floating-point format itself, and kernels that read
// many scales for each token read bytes.
extern "C" __global__ void __launch_bounds__(THREADS)
    quantize_channels(const bf16* source, e4m3* target, e8m0* scales) {
  awaitStream();
  RowVectors<COLUMNS> x;
  loadRow(source, x);
  e8m0 scale = powerOfTwoScale(largestOfRow<COLUMNS>(x));
  float factor = __uint_as_float((254u - min((unsigned)scale, 254u)) << 23);
  e4m3* row = target + (long long)blockIdx.x * COLUMNS;
  forVectors<COLUMNS>([&](int v, int element) { store(row + element, x[v], factor); });
  if (threadIdx.x == 0) {
    scales[blockIdx.x] = scale;
  }
}
