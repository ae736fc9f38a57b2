// The down projections of the experts of a mixture on Hopper.
//
// Compiled with -DHIDDEN_SIZE -DINTERMEDIATE_SIZE (multiples of 8; of 16 with WEIGHTS_FP8) and the
// definitions of expert_tiles.cuh, for sm_90a only.
//
// expert_down(
//     TensorMap source,    bf16 or e4m3 [at least rows][INTERMEDIATE_SIZE], in boxes of 64 rows of 128 bytes
//     f32 sourceScales[rows],                                               with WEIGHTS_FP8 only
//     i32 offsets[EXPERTS + 1],                                             see expert_routing.cu
//     TensorMap weights,   [EXPERTS][HIDDEN_SIZE][INTERMEDIATE_SIZE] as one matrix, in boxes of 256 rows
//     e8m0 channelScales[EXPERTS][HIDDEN_SIZE],                             with WEIGHTS_FP8 only
//     f32 bias[EXPERTS][HIDDEN_SIZE], may be null,
//     bf16 output[rows][HIDDEN_SIZE])
//     grid the number of multiprocessors; block and dynamic shared memory: ExpertShape in Java
#include "expert_mma.cuh"

constexpr int THREADS = CONSUMER_THREADS + 32;
constexpr int STEPS = panelsOf(INTERMEDIATE_SIZE);
using Walk = ExpertWalk<TILE_ROWS, TILE_CHANNELS, HIDDEN_SIZE>;

__device__ inline void produce(
    const TensorMap& source, const TensorMap& weights, Stages stages, Walk walk) {
  for (; walk.hasTile(); walk.advance()) {
    ExpertTile tile = walk.tile();
    bool both = tile.rowCount > 64;
    int channel = tile.expert * HIDDEN_SIZE + tile.feature;
#pragma unroll 1
    for (int step = 0; step < STEPS; step++) {
      stages.awaitEmpty();
      unsigned target = stages.buffer();
      expectBytes(stages.full(), (both ? ROWS_BYTES : ROWS_BYTES / 2) + CHANNELS_BYTES);
      copyBox(target + ROWS_BYTES, weights, step * PANEL_OPERANDS, channel, stages.full());
      copyBox(target, source, step * PANEL_OPERANDS, tile.row, stages.full());
      if (both) {
        copyBox(target + ROWS_BYTES / 2, source, step * PANEL_OPERANDS, tile.row + 64, stages.full());
      }
      stages.advance();
    }
  }
}

__device__ inline void storeOutputs(const Sums& sums, const ExpertTile& tile,
    const float* sourceScales, const e8m0* channelScales, const float* bias, bf16* output) {
  int lane = threadIdx.x % 4;
  int row = rowOfThread();
  float rowScales[2] = {1, 1};
#if WEIGHTS_FP8
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (row + half * 8 < tile.rowCount) {
      rowScales[half] = sourceScales[tile.row + row + half * 8];
    }
  }
#endif
  long long channels = (long long)tile.expert * HIDDEN_SIZE;
#pragma unroll
  for (int n = 0; n < TILE_CHANNELS / 8; n += 4) {
    unsigned pairs[2][4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      // Behind the last channel is nothing to be stored.
      int channel = min(tile.feature + (n + i) * 8 + lane * 2, HIDDEN_SIZE - 2);
      ChannelPair outputs(channelScales, bias, channels + channel);
#pragma unroll
      for (int half = 0; half < 2; half++) {
        int sum = (n + i) * 4 + half * 2;
        float2 x = outputs(sums[sum], sums[sum + 1], rowScales[half]);
        __nv_bfloat162 pair = __floats2bfloat162_rn(x.x, x.y);
        pairs[half][i] = *reinterpret_cast<unsigned*>(&pair);
      }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      uint4 chunk = gatherChunk(pairs[half]);
      int channel = tile.feature + (n + lane) * 8;
      if (row + half * 8 < tile.rowCount && channel < HIDDEN_SIZE) {
        long long first = (tile.row + row + half * 8) * (long long)HIDDEN_SIZE;
        *reinterpret_cast<uint4*>(output + first + channel) = chunk;
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) expert_down(
    const __grid_constant__ TensorMap source, const float* sourceScales, const int* offsets,
    const __grid_constant__ TensorMap weights, const e8m0* channelScales, const float* bias,
    bf16* output) {
  awaitStream();
  extern __shared__ __align__(1024) unsigned char shared[];
  unsigned address = sharedAddress(shared);
  Stages stages(address, address + Stages::ALL_BYTES);
  ExpertTable& table =
      *reinterpret_cast<ExpertTable*>(shared + Stages::ALL_BYTES + Stages::BARRIERS_BYTES);
  if (threadIdx.x == 0) {
    stages.initialize(1, CONSUMER_THREADS / 32);
    publishBarriers();
  }
  if (threadIdx.x < 32) {
    table.fill(offsets, TILE_ROWS);
  }
  __syncthreads();
  Walk walk(table);
  if (threadIdx.x < CONSUMER_THREADS) {
    int warpgroup = __shfl_sync(FULL_WARP, threadIdx.x / WARPGROUP, 0);
    for (; walk.hasTile(); walk.advance()) {
      ExpertTile tile = walk.tile();
      if (warpgroup * 64 < tile.rowCount) {
        Sums sums;
        multiply<STEPS>(sums, stages, warpgroup);
        storeOutputs(sums, tile, sourceScales, channelScales, bias, output);
      } else {
        skip<STEPS>(stages);
      }
    }
  } else if (threadIdx.x == CONSUMER_THREADS) {
    produce(source, weights, stages, walk);
  }
}
