// The activation of the gated MLP, as activation.cuh combines gate and up.
//
// Compiled with -DINTERMEDIATE_SIZE -DACTIVATION=0|1|2.
//
// gated_activation(bf16 gateUp[rows][2 * INTERMEDIATE_SIZE],   gate first
//     bf16 output[rows][INTERMEDIATE_SIZE])
// gated_activation_fp8(bf16 gateUp[rows][2 * INTERMEDIATE_SIZE], f32 rowScales[rows],
//     e8m0 channelScales[2 * INTERMEDIATE_SIZE], e4m3 output[rows][INTERMEDIATE_SIZE], f32 scales[rows])
//     grid rows, block rowThreads(INTERMEDIATE_SIZE)
#include "activation.cuh"
#include "common.cuh"

constexpr int WIDTH = vectorWidth(INTERMEDIATE_SIZE);
constexpr int THREADS = rowThreads(INTERMEDIATE_SIZE);

using Row = RowVectors<INTERMEDIATE_SIZE>;

template <bool SCALED>
__device__ inline void activate(
    const bf16* gateUp, float rowScale, const e8m0* channelScales, Row& x) {
  const bf16* row = gateUp + (long long)blockIdx.x * 2 * INTERMEDIATE_SIZE;
  forVectors<INTERMEDIATE_SIZE>([&](int v, int element) {
    float up[WIDTH];
    if (SCALED) {
      loadSums(row + element, rowScale, channelScales + element, x[v]);
      loadSums(row + INTERMEDIATE_SIZE + element, rowScale,
          channelScales + INTERMEDIATE_SIZE + element, up);
    } else {
      load(row + element, x[v]);
      load(row + INTERMEDIATE_SIZE + element, up);
    }
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      x[v][i] = gated(x[v][i], up[i]);
    }
  });
}

extern "C" __global__ void __launch_bounds__(THREADS)
    gated_activation(const bf16* gateUp, bf16* output) {
  awaitStream();
  Row x;
  activate<false>(gateUp, 1, nullptr, x);
  storeRow<INTERMEDIATE_SIZE>(x, output);
}

extern "C" __global__ void __launch_bounds__(THREADS) gated_activation_fp8(const bf16* gateUp,
    const float* rowScales, const e8m0* channelScales, e4m3* output, float* scales) {
  awaitStream();
  Row x;
  activate<true>(gateUp, rowScales[blockIdx.x], channelScales, x);
  storeRow<INTERMEDIATE_SIZE>(x, output, scales);
}
