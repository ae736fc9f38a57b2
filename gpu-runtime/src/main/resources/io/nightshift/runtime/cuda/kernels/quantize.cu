// Rounds rows of bf16 to 8 bits, each with its own scale.
//
// Compiled with -DCOLUMNS (a multiple of 8).
//
// quantize_rows(bf16 source[rows][COLUMNS], e4m3 target[rows][COLUMNS], f32 scales[rows])
//     activations: a row is a token
// quantize_channels(bf16 source[rows][COLUMNS], e4m3 target[rows][COLUMNS], e8m0 scales[rows])
//     weights: a row is an output channel
//     grid rows, block rowThreads(COLUMNS)
#include "channel_scale.cuh"

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

extern "C" __global__ void __launch_bounds__(THREADS)
    quantize_channels(const bf16* source, e4m3* target, e8m0* scales) {
  awaitStream();
  RowVectors<COLUMNS> x;
  loadRow(source, x);
  e8m0 scale = powerOfTwoScale(largestOfRow<COLUMNS>(x));
  float factor = channelFactor(scale);
  e4m3* row = target + (long long)blockIdx.x * COLUMNS;
  forVectors<COLUMNS>([&](int v, int element) { store(row + element, x[v], factor); });
  if (threadIdx.x == 0) {
    scales[blockIdx.x] = scale;
  }
}
