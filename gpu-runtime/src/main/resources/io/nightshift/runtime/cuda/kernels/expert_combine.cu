// The outputs of a token's experts, summed with the router's weights.
//
// Compiled with -DHIDDEN_SIZE -DEXPERTS_PER_TOKEN (K).
//
// combine_experts(
//     bf16 expertRows[tokens * K][HIDDEN_SIZE],   an output for each row, in the order of experts
//     i32 tokenRows[tokens][K], f32 weights[tokens][K],
//     bf16 output[tokens][HIDDEN_SIZE])
//     grid tokens, block rowThreads(HIDDEN_SIZE)
#include "common.cuh"

constexpr int K = EXPERTS_PER_TOKEN;
constexpr int WIDTH = vectorWidth(HIDDEN_SIZE);
constexpr int THREADS = rowThreads(HIDDEN_SIZE);

extern "C" __global__ void __launch_bounds__(THREADS) combine_experts(
    const bf16* expertRows, const int* tokenRows, const float* weights, bf16* output) {
  awaitStream();
  long long token = blockIdx.x;
  long long rows[K];
  float factors[K];
#pragma unroll
  for (int k = 0; k < K; k++) {
    rows[k] = (long long)tokenRows[token * K + k] * HIDDEN_SIZE;
    factors[k] = weights[token * K + k];
  }
  RowVectors<HIDDEN_SIZE> sums;
  forVectors<HIDDEN_SIZE>([&](int v, int element) {
    float summands[K][WIDTH];
#pragma unroll
    for (int k = 0; k < K; k++) {
      load(expertRows + rows[k] + element, summands[k]);
    }
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      sums[v][i] = 0;
#pragma unroll
      for (int k = 0; k < K; k++) {
        sums[v][i] += factors[k] * summands[k][i];
      }
    }
  });
  storeRow<HIDDEN_SIZE>(sums, output);
}
