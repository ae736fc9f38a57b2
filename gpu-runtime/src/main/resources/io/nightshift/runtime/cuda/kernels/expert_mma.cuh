// The parts of grouped GEMMs on Hopper that expert_gate_up.cu and expert_down.cu share: a tile is 128 rows
// by 256 channels of the weights, multiplied by two warpgroups of 64 rows each from stages in shared memory.
#pragma once

#include "expert_tiles.cuh"
#define OPERANDS_E4M3 WEIGHTS_FP8
#include "accumulators.cuh"
#include "tensor_copy.cuh"

constexpr int TILE_ROWS = 128;
constexpr int TILE_CHANNELS = 256;
constexpr int STAGE_COUNT = 4;
constexpr int WARPGROUP = 128;
constexpr int CONSUMER_THREADS = 2 * WARPGROUP;

// A stage is one panel of rows, and one of channels.
constexpr int ROWS_BYTES = TILE_ROWS * PANEL_BYTES;
constexpr int CHANNELS_BYTES = TILE_CHANNELS * PANEL_BYTES;
using Stages = Channel<STAGE_COUNT, ROWS_BYTES + CHANNELS_BYTES>;

constexpr int PANEL_OPERANDS = PANEL_BYTES / sizeof(Operand);

// Panels that operands with so many columns are cut into. The last one may be filled up with zeros.
__device__ constexpr int panelsOf(int columns) {
  return (columns + PANEL_OPERANDS - 1) / PANEL_OPERANDS;
}

using Sums = float[TILE_CHANNELS / 2];

// Multiplies 64 rows of a tile by its channels.
template <int STEPS> __device__ inline void multiply(Sums& sums, Stages& stages, int warpgroup) {
  Stages read = stages;
#pragma unroll 1
  for (int step = 0; step < STEPS; step++) {
    stages.awaitFull();
    unsigned left = describe(stages.buffer() + warpgroup * 64 * PANEL_BYTES, 0);
    unsigned right = describe(stages.buffer() + ROWS_BYTES, 0);
    hold(sums);
    beginMma();
#pragma unroll
    for (int depth = 0; depth < PANEL_BYTES; depth += 32) {
      multiplyShared<TILE_CHANNELS>(sums, left + depth / 16, right + depth / 16, step + depth > 0);
    }
    commitMma();
    stages.advance();
    // The matrix instructions of one step run while those of the next are issued.
    awaitMma<1>();
    hold(sums);
    if (step > 0) {
      read.release();
    }
  }
  awaitMma<0>();
  hold(sums);
  read.release();
}

// Leaves a tile to the other warpgroup: its rows do not reach this one's half.
template <int STEPS> __device__ inline void skip(Stages& stages) {
#pragma unroll 1
  for (int step = 0; step < STEPS; step++) {
    stages.awaitFull();
    stages.release();
  }
}

// The first of the two rows of this thread's sums, in the warpgroups' tile; the other is 8 below.
__device__ inline int rowOfThread() {
  return threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4;
}

// Two neighbouring channels, of which the first is even.
struct ChannelPair {
  float2 scale = {1, 1};
  float2 bias = {0, 0};

  __device__ ChannelPair(const e8m0* scales, const float* biases, long long channel) {
#if WEIGHTS_FP8
    unsigned exponents = *reinterpret_cast<const unsigned short*>(scales + channel);
    scale = make_float2(
        __uint_as_float((exponents & 0xff) << 23), __uint_as_float(exponents >> 8 << 23));
#endif
    if (biases != nullptr) {
      bias = *reinterpret_cast<const float2*>(biases + channel);
    }
  }

  // The outputs of two sums, as OutputChannel computes one.
  __device__ float2 operator()(float x, float y, float rowScale) const {
#if WEIGHTS_FP8
    return make_float2(x * (rowScale * scale.x) + bias.x, y * (rowScale * scale.y) + bias.y);
#else
    return make_float2(x + bias.x, y + bias.y);
#endif
  }
};
