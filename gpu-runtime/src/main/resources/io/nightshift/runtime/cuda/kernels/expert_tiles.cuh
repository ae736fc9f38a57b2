// The tiles of a GEMM whose rows are those of one expert after the other, each with weights of its own: a
// grouped GEMM.
//
// Compiled with -DEXPERTS -DWEIGHTS_FP8=0|1 -DACTIVATION (see activation.cuh).
#pragma once

#include "activation.cuh"
#include "common.cuh"

#if WEIGHTS_FP8
using Operand = e4m3;
#else
using Operand = bf16;
#endif

// Rows of tiles for which an expert's weights are read once.
constexpr int GROUP_TILES = 16;

// The first row of each expert, and the number of tiles of rows before it. In shared memory.
struct ExpertTable {
  int rows[EXPERTS + 1];
  int tiles[EXPERTS + 1];

  // Called by one warp.
  __device__ void fill(const int* offsets, int tileRows) {
    int lane = threadIdx.x % 32;
    int sum = 0;
    for (int begin = 0; begin < EXPERTS; begin += 32) {
      int e = begin + lane;
      int first = offsets[min(e, EXPERTS)];
      int end = offsets[min(e + 1, EXPERTS)];
      int own = (end - first + tileRows - 1) / tileRows;
      int upTo = own;
#pragma unroll
      for (int distance = 1; distance < 32; distance *= 2) {
        int other = __shfl_up_sync(FULL_WARP, upTo, distance);
        upTo += lane >= distance ? other : 0;
      }
      if (e < EXPERTS) {
        rows[e] = first;
        tiles[e] = sum + upTo - own;
      }
      sum += __shfl_sync(FULL_WARP, upTo, 31);
    }
    if (lane == 0) {
      rows[EXPERTS] = offsets[EXPERTS];
      tiles[EXPERTS] = sum;
    }
  }
};

struct ExpertTile {
  int expert;
  int row;
  // Of the tile; those behind them are another expert's.
  int rowCount;
  int feature;
};

// Iterates over the tiles of a persistent block. Those of an expert are neighbours, and among them, up to
// GROUP_TILES rows of tiles with the same features, so that the blocks share what they read.
template <int TILE_ROWS, int TILE_FEATURES, int FEATURES> struct ExpertWalk {
  static constexpr int FEATURE_TILES = (FEATURES + TILE_FEATURES - 1) / TILE_FEATURES;

  const ExpertTable& table;
  int next = blockIdx.x;
  int expert = 0;

  __device__ ExpertWalk(const ExpertTable& table) : table(table) { find(); }

  __device__ bool hasTile() const { return expert < EXPERTS; }

  __device__ void advance() {
    next += gridDim.x;
    find();
  }

  __device__ ExpertTile tile() const {
    int first = table.tiles[expert];
    int rowTiles = table.tiles[expert + 1] - first;
    int own = next - first * FEATURE_TILES;
    int begin = own / (GROUP_TILES * FEATURE_TILES) * GROUP_TILES;
    int size = min(GROUP_TILES, rowTiles - begin);
    int within = own - begin * FEATURE_TILES;
    int row = table.rows[expert] + (begin + within % size) * TILE_ROWS;
    int rowCount = min(TILE_ROWS, table.rows[expert + 1] - row);
    return {expert, row, rowCount, within / size * TILE_FEATURES};
  }

  __device__ void find() {
    while (expert < EXPERTS && next >= table.tiles[expert + 1] * FEATURE_TILES) {
      expert++;
    }
  }
};

// The output of a sum: with 8-bit operands it is scaled by its row's and its channel's scale; a bias, if
// there is one, is added.
struct OutputChannel {
  float scale = 1;
  float bias = 0;

  __device__ OutputChannel(const e8m0* scales, const float* biases, long long channel) {
#if WEIGHTS_FP8
    scale = __uint_as_float((unsigned)scales[channel] << 23);
#endif
    if (biases != nullptr) {
      bias = biases[channel];
    }
  }

  __device__ float operator()(float sum, float rowScale) const {
#if WEIGHTS_FP8
    return sum * (rowScale * scale) + bias;
#else
    return sum + bias;
#endif
  }
};
