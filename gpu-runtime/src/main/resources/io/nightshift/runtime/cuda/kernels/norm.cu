// RMS norm (Zhang and Sennrich, "Root mean square layer normalization", 2019) of the residual stream,
// with what precedes it: gathering rows and adding the output of the last GEMM. With 8-bit weights,
// the output is quantized with a scale for each row.
//
// Compiled with -DHIDDEN_SIZE (a multiple of 8).
//
// add_rms_norm(
//     bf16 delta[rows][HIDDEN_SIZE],        GEMM output to add; may be null
//     f32 rowScales[rows], e8m0 channelScales[HIDDEN_SIZE],   of delta; null if delta needs none
//     f32 bias[HIDDEN_SIZE],                of the GEMM that computed delta; may be null
//     i32 sources[rows],                    row of residualIn for each row; null: the same row
//     bf16 residualIn[][HIDDEN_SIZE],
//     bf16 residualOut[rows][HIDDEN_SIZE],  the sum; may be residualIn if sources is null; may be null
//     f32 weight[HIDDEN_SIZE], f32 epsilon,
//     bf16 output[rows][HIDDEN_SIZE])
// add_rms_norm_fp8(... the same ..., e4m3 output[rows][HIDDEN_SIZE], f32 scales[rows])
//     grid rows, block rowThreads(HIDDEN_SIZE)
//
// The kernel is also the embedding lookup (residualIn is the embedding, sources are token ids, delta
// is null) and the compaction to the rows that the last layer keeps. The sum and the norm are f32; the
// norm is of the sum before it is rounded to bf16. GEMMs of bf16 weights add to the residual stream in
// their epilogue: then there is neither delta nor residualOut, and the norm is of the rounded sum.
#include "common.cuh"

constexpr int WIDTH = vectorWidth(HIDDEN_SIZE);
constexpr int THREADS = rowThreads(HIDDEN_SIZE);

using Row = RowVectors<HIDDEN_SIZE>;

__device__ inline void add(float (&x)[WIDTH], const float (&added)[WIDTH]) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    x[i] += added[i];
  }
}

// All of a row's loads come before the first store, which could be to the same memory.
__device__ inline void normalize(const bf16* delta, const float* rowScales,
    const e8m0* channelScales, const float* bias, const int* sources, const bf16* residualIn,
    bf16* residualOut, const float* weight, float epsilon, Row& x) {
  long long row = blockIdx.x;
  long long source = sources == nullptr ? row : sources[row];
  forVectors<HIDDEN_SIZE>(
      [&](int v, int element) { load(residualIn + source * HIDDEN_SIZE + element, x[v]); });
  if (delta != nullptr) {
    Row added;
    const bf16* sums = delta + row * HIDDEN_SIZE;
    if (channelScales == nullptr) {
      forVectors<HIDDEN_SIZE>([&](int v, int element) { load(sums + element, added[v]); });
    } else {
      float rowScale = rowScales[row];
      forVectors<HIDDEN_SIZE>([&](int v, int element) {
        loadSums(sums + element, rowScale, channelScales + element, added[v]);
      });
    }
    forVectors<HIDDEN_SIZE>([&](int v, int) { add(x[v], added[v]); });
  }
  if (bias != nullptr) {
    forVectors<HIDDEN_SIZE>([&](int v, int element) {
      float added[WIDTH];
      load(bias + element, added);
      add(x[v], added);
    });
  }
  float squares = 0;
  forVectors<HIDDEN_SIZE>([&](int v, int element) {
    if (residualOut != nullptr) {
      store(residualOut + row * HIDDEN_SIZE + element, x[v]);
    }
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      squares += x[v][i] * x[v][i];
    }
  });
  float factor = rsqrtf(reduceBlock(squares, Sum()) / HIDDEN_SIZE + epsilon);
  forVectors<HIDDEN_SIZE>([&](int v, int element) {
    float weights[WIDTH];
    load(weight + element, weights);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      x[v][i] *= factor * weights[i];
    }
  });
}

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm(const bf16* delta,
    const float* rowScales, const e8m0* channelScales, const float* bias, const int* sources,
    const bf16* residualIn, bf16* residualOut, const float* weight, float epsilon, bf16* output) {
  awaitStream();
  Row x;
  normalize(delta, rowScales, channelScales, bias, sources, residualIn, residualOut, weight,
      epsilon, x);
  storeRow<HIDDEN_SIZE>(x, output);
}

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm_fp8(const bf16* delta,
    const float* rowScales, const e8m0* channelScales, const float* bias, const int* sources,
    const bf16* residualIn, bf16* residualOut, const float* weight, float epsilon, e4m3* output,
    float* scales) {
  awaitStream();
  Row x;
  normalize(delta, rowScales, channelScales, bias, sources, residualIn, residualOut, weight,
      epsilon, x);
  storeRow<HIDDEN_SIZE>(x, output, scales);
}
