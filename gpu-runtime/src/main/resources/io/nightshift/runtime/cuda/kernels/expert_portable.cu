// The projections of the experts of a mixture for every architecture and every size: what
// expert_gate_up.cu and expert_down.cu compute on Hopper.
//
// Compiled with -DHIDDEN_SIZE -DINTERMEDIATE_SIZE and the definitions of expert_tiles.cuh.
//
// expert_gate_up_portable(
//     bf16 or e4m3 source[tokens][HIDDEN_SIZE], f32 sourceScales[tokens],   scales with WEIGHTS_FP8 only
//     i32 rowTokens[rows], i32 offsets[EXPERTS + 1],                        see expert_routing.cu
//     bf16 or e4m3 weights[EXPERTS][2 * INTERMEDIATE_SIZE][HIDDEN_SIZE],    gates, then ups
//     e8m0 channelScales[EXPERTS][2 * INTERMEDIATE_SIZE],                   with WEIGHTS_FP8 only
//     f32 bias[EXPERTS][2 * INTERMEDIATE_SIZE], may be null,
//     bf16 output[rows][INTERMEDIATE_SIZE])
// expert_down_portable(
//     bf16 or e4m3 source[rows][INTERMEDIATE_SIZE], f32 sourceScales[rows],
//     i32 offsets[EXPERTS + 1],
//     bf16 or e4m3 weights[EXPERTS][HIDDEN_SIZE][INTERMEDIATE_SIZE],
//     e8m0 channelScales[EXPERTS][HIDDEN_SIZE], f32 bias[EXPERTS][HIDDEN_SIZE], may be null,
//     bf16 output[rows][HIDDEN_SIZE])
//     grid: some blocks for each multiprocessor; block 128
//
// Tiles of 64 rows by 64 channels on tensor cores (mma.sync); e4m3 is converted to bf16, which is exact.
#include "expert_tiles.cuh"

constexpr int THREADS = 128;
constexpr int TILE_ROWS = 64;
constexpr int TILE_CHANNELS = 64;
constexpr int DEPTH = 32;
// Rows of neighbouring lanes begin in different banks.
constexpr int PITCH = DEPTH + 8;

using Sums = float[TILE_CHANNELS / 8][4];
using Tile = bf16[TILE_ROWS][PITCH];
static_assert(TILE_ROWS == TILE_CHANNELS, "both operands have tiles of one shape");

__device__ inline bf16 toBf16(bf16 x) {
  return x;
}

__device__ inline bf16 toBf16(e4m3 x) {
  return __float2bfloat16_rn(__half2float(__half(__nv_cvt_fp8_to_halfraw(x, __NV_E4M3))));
}

// Loads DEPTH columns of the rows that `rowOf` names; zeros for negative ones and behind the last column.
template <int COLUMNS, typename RowOf>
__device__ inline void loadTile(Tile& tile, const Operand* source, int column, RowOf rowOf) {
  constexpr int WIDTH = vectorWidth(COLUMNS);
  constexpr int VECTORS = DEPTH / WIDTH;
  for (int i = threadIdx.x; i < TILE_ROWS * VECTORS; i += THREADS) {
    int row = i / VECTORS;
    int first = i % VECTORS * WIDTH;
    long long sourceRow = rowOf(row);
    Pack<Operand, WIDTH> pack = {};
    if (sourceRow >= 0 && column + first < COLUMNS) {
      pack = *reinterpret_cast<const Pack<Operand, WIDTH>*>(
          source + sourceRow * COLUMNS + column + first);
    }
#pragma unroll
    for (int j = 0; j < WIDTH; j++) {
      tile[row][first + j] = toBf16(pack.element[j]);
    }
  }
}

__device__ inline unsigned pairAt(const Tile& tile, int row, int column) {
  return *reinterpret_cast<const unsigned*>(&tile[row][column]);
}

template <int COLUMNS, typename RowOf, typename ChannelOf>
__device__ inline void multiply(Sums& sums, const Operand* source, const Operand* weights, RowOf rowOf,
    ChannelOf channelOf) {
  __shared__ __align__(16) Tile left;
  __shared__ __align__(16) Tile right;
  int row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4;
  int lane = threadIdx.x % 4;
  for (int n = 0; n < TILE_CHANNELS / 8; n++) {
    for (int i = 0; i < 4; i++) {
      sums[n][i] = 0;
    }
  }
  for (int column = 0; column < COLUMNS; column += DEPTH) {
    __syncthreads();
    loadTile<COLUMNS>(left, source, column, rowOf);
    loadTile<COLUMNS>(right, weights, column, channelOf);
    __syncthreads();
#pragma unroll
    for (int depth = lane * 2; depth < DEPTH; depth += 16) {
      unsigned a[4] = {pairAt(left, row, depth), pairAt(left, row + 8, depth),
          pairAt(left, row, depth + 8), pairAt(left, row + 8, depth + 8)};
#pragma unroll
      for (int n = 0; n < TILE_CHANNELS / 8; n++) {
        int channel = n * 8 + threadIdx.x % 32 / 4;
        unsigned b[2] = {pairAt(right, channel, depth), pairAt(right, channel, depth + 8)};
        asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                     "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                     : "+f"(sums[n][0]), "+f"(sums[n][1]), "+f"(sums[n][2]), "+f"(sums[n][3])
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
      }
    }
  }
}

// Calls body(row, channel, n, i) for each sum of this thread that is in its tile.
template <typename Body>
__device__ inline void forSums(const ExpertTile& tile, int channels, Body body) {
#pragma unroll
  for (int n = 0; n < channels / 8; n++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      int row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4 + i / 2 * 8;
      if (row < tile.rowCount) {
        body((long long)tile.row + row, tile.feature + n * 8 + threadIdx.x % 4 * 2 + i % 2, n, i);
      }
    }
  }
}

__device__ inline float scaleOf(const float* scales, long long row) {
#if WEIGHTS_FP8
  return scales[row];
#else
  return 1;
#endif
}

__device__ inline void fillTable(ExpertTable& table, const int* offsets) {
  if (threadIdx.x < 32) {
    table.fill(offsets, TILE_ROWS);
  }
  __syncthreads();
}

extern "C" __global__ void __launch_bounds__(THREADS) expert_gate_up_portable(const Operand* source,
    const float* sourceScales, const int* rowTokens, const int* offsets, const Operand* weights,
    const e8m0* channelScales, const float* bias, bf16* output) {
  awaitStream();
  __shared__ ExpertTable table;
  fillTable(table, offsets);
  // Half of a tile's channels are gates, half are the ups of the same features.
  constexpr int FEATURES = TILE_CHANNELS / 2;
  for (ExpertWalk<TILE_ROWS, FEATURES, INTERMEDIATE_SIZE> walk(table); walk.hasTile();
       walk.advance()) {
    ExpertTile tile = walk.tile();
    long long gates = (long long)tile.expert * 2 * INTERMEDIATE_SIZE;
    Sums sums;
    multiply<HIDDEN_SIZE>(
        sums, source, weights,
        [&](int row) -> long long {
          return row < tile.rowCount ? rowTokens[tile.row + row] : -1;
        },
        [&](int channel) -> long long {
          int feature = tile.feature + channel % FEATURES;
          return feature < INTERMEDIATE_SIZE
              ? gates + channel / FEATURES * INTERMEDIATE_SIZE + feature
              : -1;
        });
    forSums(tile, FEATURES, [&](long long row, int feature, int n, int i) {
      if (feature < INTERMEDIATE_SIZE) {
        float scale = scaleOf(sourceScales, rowTokens[row]);
        OutputChannel gate(channelScales, bias, gates + feature);
        OutputChannel up(channelScales, bias, gates + INTERMEDIATE_SIZE + feature);
        output[row * INTERMEDIATE_SIZE + feature] = __float2bfloat16_rn(
            gated(gate(sums[n][i], scale), up(sums[n + FEATURES / 8][i], scale)));
      }
    });
  }
}

extern "C" __global__ void __launch_bounds__(THREADS) expert_down_portable(const Operand* source,
    const float* sourceScales, const int* offsets, const Operand* weights, const e8m0* channelScales,
    const float* bias, bf16* output) {
  awaitStream();
  __shared__ ExpertTable table;
  fillTable(table, offsets);
  for (ExpertWalk<TILE_ROWS, TILE_CHANNELS, HIDDEN_SIZE> walk(table); walk.hasTile();
       walk.advance()) {
    ExpertTile tile = walk.tile();
    long long channels = (long long)tile.expert * HIDDEN_SIZE;
    Sums sums;
    multiply<INTERMEDIATE_SIZE>(
        sums, source, weights,
        [&](int row) -> long long { return row < tile.rowCount ? tile.row + row : -1; },
        [&](int channel) -> long long {
          return tile.feature + channel < HIDDEN_SIZE ? channels + tile.feature + channel : -1;
        });
    forSums(tile, TILE_CHANNELS, [&](long long row, int channel, int n, int i) {
      if (channel < HIDDEN_SIZE) {
        OutputChannel to(channelScales, bias, channels + channel);
        output[row * HIDDEN_SIZE + channel] =
            __float2bfloat16_rn(to(sums[n][i], scaleOf(sourceScales, row)));
      }
    });
  }
}
