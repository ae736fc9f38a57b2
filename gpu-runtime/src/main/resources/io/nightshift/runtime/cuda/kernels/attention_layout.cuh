// What producers and consumers of attention_warpgroup.cu share: the geometry of a block, the layout of
// its shared memory, and the units that it computes.
#pragma once

#include "attention.cuh"
#include "warpgroup.cuh"

#ifndef TILE_TOKENS
#define TILE_TOKENS (STRIDE == 64 && !KV_FP8 ? 128 : 64)
#endif
#ifndef TILE_STAGES
#define TILE_STAGES (STRIDE > 128 ? 2 : TILE_TOKENS > 64 || KV_FP8 ? 3 : 4)
#endif
#ifndef PRODUCER_WARPGROUPS
#define PRODUCER_WARPGROUPS (KV_FP8 ? 2 : 1)
#endif

// AttentionShape in Java has the same numbers.
constexpr int WARPGROUP = 128;
constexpr int CONSUMERS = 2;
constexpr int HEIGHT = 64 * CONSUMERS;
constexpr int TILE = TILE_TOKENS;
constexpr int STAGES = TILE_STAGES;
constexpr int QUERY_STAGES = STRIDE > 128 ? 1 : 2;
constexpr int THREADS = WARPGROUP * (PRODUCER_WARPGROUPS + CONSUMERS);
// Half of the first threads copy queries and keys, and the other half values.
constexpr int PRODUCERS = PRODUCER_WARPGROUPS * WARPGROUP / 2;

static_assert(STRIDE == 64 || STRIDE == 128 || STRIDE == 256, "heads are whole panels");
static_assert(HEAD_SIZE == STRIDE, "rows of output are whole 16-byte chunks");

constexpr int TILE_BYTES = TILE * STRIDE * 2;
constexpr int QUERY_BYTES = HEIGHT * STRIDE * 2;
// Buffers for 8-bit keys or values, of each half of the producers.
constexpr int RAW_STAGES = KV_FP8 ? 2 : 0;
constexpr int RAW_BYTES = TILE * STRIDE;
// The scales of the tokens of a stage.
constexpr int SCALE_BYTES = KV_FP8 ? TILE * 4 : 0;

// What the consumers need of a unit.
struct Unit {
  Piece piece;
  // For each query token, as attention.cu describes it.
  int4 rows[HEIGHT];
};

using TileChannel = Channel<STAGES, TILE_BYTES>;
using QueryChannel = Channel<QUERY_STAGES, QUERY_BYTES>;

// Offsets in shared memory. Keys come before values.
constexpr int TILES = QueryChannel::ALL_BYTES;
constexpr int RAW = TILES + 2 * TileChannel::ALL_BYTES;
constexpr int SCALES = RAW + 2 * RAW_STAGES * RAW_BYTES;
constexpr int UNITS = SCALES + 2 * STAGES * SCALE_BYTES;
constexpr int QUERY_BARRIERS = UNITS + QUERY_STAGES * (int)sizeof(Unit);
constexpr int TILE_BARRIERS = QUERY_BARRIERS + QueryChannel::BARRIERS_BYTES;
constexpr int SHARED_BYTES = TILE_BARRIERS + 2 * TileChannel::BARRIERS_BYTES;

struct Arguments {
  const bf16* queries;
  const Cached* keys;
  const Cached* values;
  const float* keyScales;
  const float* valueScales;
  const Piece* pieces;
  const int4* rows;
  const int* treeMasks;
  const int* blockTables;
  bf16* output;
  float* partials;
  float* partialLogSums;
  int keyValueHeads;
  float scale;
  float softCap;
  const float* sinks;
  int pieceCount;
};

__device__ inline QueryChannel queryChannel(unsigned shared) {
  return QueryChannel(shared, shared + QUERY_BARRIERS);
}

// Of keys (0) or values (1).
__device__ inline TileChannel tileChannel(unsigned shared, int side) {
  return TileChannel(shared + TILES + side * TileChannel::ALL_BYTES,
      shared + TILE_BARRIERS + side * TileChannel::BARRIERS_BYTES);
}

__device__ inline unsigned scalesOf(unsigned shared, int side, int stage) {
  return shared + SCALES + (side * STAGES + stage) * SCALE_BYTES;
}

// The unit of a block in a round, which may be behind the last. The longest pieces come first, so
// blocks take units in alternating order.
__device__ inline int unitOf(int round) {
  int block = round % 2 == 0 ? blockIdx.x : gridDim.x - 1 - blockIdx.x;
  return round * gridDim.x + block;
}
