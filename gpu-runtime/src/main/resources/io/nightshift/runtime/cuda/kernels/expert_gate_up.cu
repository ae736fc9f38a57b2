// The gate and up projections of the experts of a mixture, and their activation, in one kernel on Hopper.
//
// Compiled with -DHIDDEN_SIZE -DINTERMEDIATE_SIZE (multiples of 8; of 16 with WEIGHTS_FP8) and the
// definitions of expert_tiles.cuh, for sm_90a only.
//
// expert_gate_up(
//     bf16 or e4m3 source[tokens][HIDDEN_SIZE], f32 sourceScales[tokens],   scales with WEIGHTS_FP8 only
//     i32 rowTokens[rows], i32 offsets[EXPERTS + 1],                        see expert_routing.cu
//     TensorMap weights,   [EXPERTS][2 * INTERMEDIATE_SIZE][HIDDEN_SIZE] as one matrix: the gates of an
//                          expert, then its ups; in boxes of 128 rows of 128 bytes
//     e8m0 channelScales[EXPERTS][2 * INTERMEDIATE_SIZE],                   with WEIGHTS_FP8 only
//     f32 bias[EXPERTS][2 * INTERMEDIATE_SIZE], may be null,
//     bf16 output[rows][INTERMEDIATE_SIZE])
//     grid the number of multiprocessors; block and dynamic shared memory: ExpertShape in Java
//
// A producer warpgroup gathers the rows' tokens, so that no copy of them in the experts' order is needed,
// and has the tensor memory accelerator fetch weights. It reads ahead across tiles.
#include "expert_mma.cuh"

constexpr int THREADS = CONSUMER_THREADS + WARPGROUP;
constexpr int TILE_FEATURES = TILE_CHANNELS / 2;
constexpr int STEPS = panelsOf(HIDDEN_SIZE);
constexpr unsigned SOURCE_BYTES = HIDDEN_SIZE * sizeof(Operand);
using Walk = ExpertWalk<TILE_ROWS, TILE_FEATURES, INTERMEDIATE_SIZE>;

// Stages whose rows are being copied when the next one is begun.
constexpr int STAGES_AHEAD = 2;

// Passes stages on whose rows have arrived.
__device__ inline void pass(Stages& stages) {
  publishToMma();
  arrive(stages.full());
  stages.advance();
}

__device__ inline void copyChunk(unsigned target, const void* source, int bytes) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(target), "l"(source), "r"(bytes));
}

// A thread copies one chunk of each 16th row, which is the same place of a unit of 8 rows.
__device__ inline void produce(const Operand* source, const int* rowTokens, const TensorMap& weights,
    Stages stages, Walk walk) {
  constexpr int PASSES = TILE_ROWS * PANEL_CHUNKS / WARPGROUP;
  constexpr int PASS_ROWS = WARPGROUP / PANEL_CHUNKS;
  constexpr unsigned NONE = 0xffffffffu;
  unsigned thread = threadIdx.x % WARPGROUP;
  unsigned row = thread / PANEL_CHUNKS;
  unsigned chunk = thread % PANEL_CHUNKS;
  unsigned place = chunkOffset(row, chunk, TILE_ROWS);
  const char* bytes = reinterpret_cast<const char*>(source) + chunk * 16;
  Stages passed = stages;
  int begun = 0;
  for (; walk.hasTile(); walk.advance()) {
    ExpertTile tile = walk.tile();
    unsigned offsets[PASSES];
#pragma unroll
    for (int i = 0; i < PASSES; i++) {
      int tileRow = row + i * PASS_ROWS;
      offsets[i] = tileRow < tile.rowCount ? rowTokens[tile.row + tileRow] * SOURCE_BYTES : NONE;
    }
    int gate = tile.expert * 2 * INTERMEDIATE_SIZE + tile.feature;
#pragma unroll 1
    for (int step = 0; step < STEPS; step++) {
      stages.awaitEmpty();
      if (thread == 0) {
        unsigned target = stages.buffer() + ROWS_BYTES;
        expectBytes(stages.full(), CHANNELS_BYTES);
        copyBox(target, weights, step * PANEL_OPERANDS, gate, stages.full());
        copyBox(target + CHANNELS_BYTES / 2, weights, step * PANEL_OPERANDS,
            gate + INTERMEDIATE_SIZE, stages.full());
      }
      unsigned target = stages.buffer() + place;
      bool inside = step * PANEL_BYTES + chunk * 16 < SOURCE_BYTES;
#pragma unroll
      for (int i = 0; i < PASSES; i++) {
        if (offsets[i] != NONE) {
          copyChunk(target + i * PASS_ROWS * PANEL_BYTES,
              bytes + (inside ? offsets[i] + step * PANEL_BYTES : 0), inside ? 16 : 0);
        }
      }
      asm volatile("cp.async.commit_group;");
      stages.advance();
      if (begun < STAGES_AHEAD) {
        begun++;
      } else {
        asm volatile("cp.async.wait_group %0;" ::"n"(STAGES_AHEAD) : "memory");
        pass(passed);
      }
    }
  }
  asm volatile("cp.async.wait_group 0;" ::: "memory");
  for (; begun > 0; begun--) {
    pass(passed);
  }
}

__device__ inline void storeActivated(const Sums& sums, const ExpertTile& tile,
    const float* sourceScales, const int* rowTokens, const e8m0* channelScales, const float* bias,
    bf16* output) {
  int lane = threadIdx.x % 4;
  int row = rowOfThread();
  float rowScales[2] = {1, 1};
#if WEIGHTS_FP8
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (row + half * 8 < tile.rowCount) {
      rowScales[half] = sourceScales[rowTokens[tile.row + row + half * 8]];
    }
  }
#endif
  long long gates = (long long)tile.expert * 2 * INTERMEDIATE_SIZE;
#pragma unroll
  for (int n = 0; n < TILE_FEATURES / 8; n += 4) {
    unsigned pairs[2][4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
      int gate = (n + i) * 4;
      int up = gate + TILE_FEATURES / 2;
      // Behind the last feature is nothing to be stored.
      int feature = min(tile.feature + (n + i) * 8 + lane * 2, INTERMEDIATE_SIZE - 2);
      ChannelPair ofGates(channelScales, bias, gates + feature);
      ChannelPair ofUps(channelScales, bias, gates + INTERMEDIATE_SIZE + feature);
#pragma unroll
      for (int half = 0; half < 2; half++) {
        float2 g = ofGates(sums[gate + half * 2], sums[gate + half * 2 + 1], rowScales[half]);
        float2 u = ofUps(sums[up + half * 2], sums[up + half * 2 + 1], rowScales[half]);
        __nv_bfloat162 pair = __floats2bfloat162_rn(gated(g.x, u.x), gated(g.y, u.y));
        pairs[half][i] = *reinterpret_cast<unsigned*>(&pair);
      }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      uint4 chunk = gatherChunk(pairs[half]);
      int feature = tile.feature + (n + lane) * 8;
      if (row + half * 8 < tile.rowCount && feature < INTERMEDIATE_SIZE) {
        long long first = (tile.row + row + half * 8) * (long long)INTERMEDIATE_SIZE;
        *reinterpret_cast<uint4*>(output + first + feature) = chunk;
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS, 1) expert_gate_up(const Operand* source,
    const float* sourceScales, const int* rowTokens, const int* offsets,
    const __grid_constant__ TensorMap weights, const e8m0* channelScales, const float* bias,
    bf16* output) {
  awaitStream();
  extern __shared__ __align__(1024) unsigned char shared[];
  unsigned address = sharedAddress(shared);
  Stages stages(address, address + Stages::ALL_BYTES);
  ExpertTable& table =
      *reinterpret_cast<ExpertTable*>(shared + Stages::ALL_BYTES + Stages::BARRIERS_BYTES);
  if (threadIdx.x == 0) {
    // The thread that fetches weights arrives once for these and once for rows.
    stages.initialize(WARPGROUP + 1, CONSUMER_THREADS / 32);
    publishBarriers();
  }
  if (threadIdx.x < 32) {
    table.fill(offsets, TILE_ROWS);
  }
  __syncthreads();
  Walk walk(table);
  if (threadIdx.x >= CONSUMER_THREADS) {
    leaveRegisters<56>();
    produce(source, rowTokens, weights, stages, walk);
  } else {
    takeRegisters<224>();
    int warpgroup = __shfl_sync(FULL_WARP, threadIdx.x / WARPGROUP, 0);
    for (; walk.hasTile(); walk.advance()) {
      ExpertTile tile = walk.tile();
      if (warpgroup * 64 < tile.rowCount) {
        Sums sums;
        multiply<STEPS>(sums, stages, warpgroup);
        storeActivated(sums, tile, sourceScales, rowTokens, channelScales, bias, output);
      } else {
        skip<STEPS>(stages);
      }
    }
  }
}
