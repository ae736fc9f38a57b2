// The gate and up projections of the gated MLP and their activation in one kernel on Hopper:
// activation(x * gate^T) * (x * up^T), with the accumulators in registers.
//
// Compiled with -DINPUTS (a multiple of 64) -DINTERMEDIATE_SIZE (a multiple of 128)
// -DACTIVATION=0|1|2, for sm_90a only.
//
// fused_gate_up(
//     TensorMap source,    bf16 [at least rows][INPUTS], in boxes of 128 rows of 64 elements
//     TensorMap weights,   bf16 [2 * INTERMEDIATE_SIZE][INPUTS]: gate first; the same boxes
//     bf16 output[rows][INTERMEDIATE_SIZE], i32 rows)
//     grid, block and dynamic shared memory: FusedGateUpShape.launch in Java
//
// Computes the GEMM with the weights and gated_activation of its output, without rounding in between.
// The two blocks of a cluster compute neighbouring tiles of rows and share the weights, of which each
// fetches one half. Blocks are persistent: they stay on their multiprocessors from tile to tile. A
// producer thread fetches ahead across tiles. Two warpgroups multiply 64 rows each, and one activates
// its sums while the other multiplies (cf. the ping-pong schedule of CUTLASS).
#include "accumulators.cuh"
#include "activation.cuh"
#include "common.cuh"
#include "tensor_copy.cuh"

// FusedGateUpShape in Java has the same numbers. Other choices took longer on an H200 (4,096 inputs,
// 14,336 features, 1,024 to 8,192 rows, sustained): 3 stages by 3 to 4%; blocks without clusters, and
// clusters of 2 along the features, by 2 to 3%; clusters of 2 by 2 blocks by 2 to 4% with 120 blocks, and
// by 55% with 128, which are not all resident at once.
constexpr int TILE_ROWS = 128;
constexpr int TILE_FEATURES = 128;
constexpr int STAGE_COUNT = 4;
constexpr int CLUSTER = 2;
constexpr int CONSUMER_THREADS = 256;
constexpr int THREADS = CONSUMER_THREADS + 32;

// Rows for which weights are read once. 1,024 took 5% longer, 4,096 and 8,192 up to 3%.
constexpr int GROUP_ROWS = 2048;

constexpr int DEPTH = PANEL_ELEMENTS;
constexpr int STEPS = INPUTS / DEPTH;
constexpr int FEATURE_TILES = INTERMEDIATE_SIZE / TILE_FEATURES;
static_assert(INPUTS % DEPTH == 0 && INTERMEDIATE_SIZE % TILE_FEATURES == 0, "tiles are whole");

// A stage is three boxes of 128 rows and one panel: activations, weights of gates, weights of ups.
constexpr int BOX_BYTES = 128 * PANEL_BYTES;
using Stages = Channel<STAGE_COUNT, 3 * BOX_BYTES>;

// Gates in the lower half, ups of the same features in the upper.
using Sums = float[TILE_FEATURES];

// Iterates over the tiles of a cluster: in a group of rows, tiles with the same features are neighbours,
// so that weights are read from memory once for each group, and its rows stay in the cache.
struct Walk {
  int rowTiles; // of a cluster
  int groupTiles;
  int tile = blockIdx.x / CLUSTER;

  __device__ Walk(int rows) {
    constexpr int CLUSTER_ROWS = CLUSTER * TILE_ROWS;
    constexpr int MOST = GROUP_ROWS / CLUSTER_ROWS;
    rowTiles = (rows + CLUSTER_ROWS - 1) / CLUSTER_ROWS;
    int groups = (rowTiles + MOST - 1) / MOST;
    groupTiles = (rowTiles + groups - 1) / groups;
  }

  __device__ bool hasTile() const { return tile < rowTiles * FEATURE_TILES; }
  __device__ void advance() { tile += gridDim.x / CLUSTER; }

  // The first row and the first feature of a block of the cluster.
  __device__ int2 origin(unsigned block) const {
    int begin = tile / (groupTiles * FEATURE_TILES) * groupTiles;
    int size = min(groupTiles, rowTiles - begin);
    int within = tile - begin * FEATURE_TILES;
    int row = ((begin + within % size) * CLUSTER + block) * TILE_ROWS;
    return make_int2(row, within / size * TILE_FEATURES);
  }
};

// Fetches this block's activations, and for both blocks the gates (block 0) or the ups (block 1).
__device__ inline void produce(
    const TensorMap& source, const TensorMap& weights, Stages stages, Walk walk, unsigned block) {
  constexpr unsigned ALL_BLOCKS = (1u << CLUSTER) - 1;
  for (; walk.hasTile(); walk.advance()) {
    int2 origin = walk.origin(block);
    for (int step = 0; step < STEPS; step++) {
      stages.awaitEmpty();
      expectBytes(stages.full(), 3 * BOX_BYTES);
      copyBox(stages.buffer(), source, step * DEPTH, origin.x, stages.full());
      copyBoxToBlocks(stages.buffer() + (1 + block) * BOX_BYTES, weights, step * DEPTH,
          origin.y + block * INTERMEDIATE_SIZE, stages.full(), ALL_BLOCKS);
      stages.advance();
    }
  }
}

// This warp has read the stage, which no block of the cluster may overwrite before all warps have.
__device__ inline void release(Stages& stages) {
  unsigned lane = threadIdx.x % 32;
  if (lane < CLUSTER) {
    arriveAt(stages.empty(), lane);
  }
  stages.advance();
}

__device__ inline void multiply(Sums& sums, Stages& stages, int warpgroup) {
  Stages read = stages;
#pragma unroll 1
  for (int step = 0; step < STEPS; step++) {
    stages.awaitFull();
    unsigned left = describe(stages.buffer() + warpgroup * 64 * PANEL_BYTES, 0);
    unsigned right = describe(stages.buffer() + BOX_BYTES, 0);
    hold(sums);
    beginMma();
#pragma unroll
    for (int depth = 0; depth < DEPTH; depth += 16) {
      multiplyShared<2 * TILE_FEATURES>(
          sums, left + depth * 2 / 16, right + depth * 2 / 16, step + depth > 0);
    }
    commitMma();
    stages.advance();
    // The matrix instructions of one step run while those of the next are issued.
    awaitMma<1>();
    hold(sums);
    if (step > 0) {
      release(read);
    }
  }
  awaitMma<0>();
  hold(sums);
  release(read);
}

__device__ inline void storeActivated(
    const Sums& sums, bf16* output, int row, int feature, int rows) {
  int lane = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    bool stores = row + half * 8 < rows;
    long long first = (long long)(row + half * 8) * INTERMEDIATE_SIZE + feature;
    uint4* target = reinterpret_cast<uint4*>(output + first);
#pragma unroll
    for (int n = 0; n < TILE_FEATURES / 8; n += 4) {
      unsigned pairs[4];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int gate = (n + i) * 4 + half * 2;
        int up = gate + TILE_FEATURES / 2;
        __nv_bfloat162 pair = __floats2bfloat162_rn(
            gated(sums[gate], sums[up]), gated(sums[gate + 1], sums[up + 1]));
        pairs[i] = *reinterpret_cast<unsigned*>(&pair);
      }
      uint4 chunk = gatherChunk(pairs);
      if (stores) {
        target[n + lane] = chunk;
      }
    }
  }
}

__device__ inline void consume(Stages stages, Walk walk, unsigned block, bf16* output, int rows) {
  // The same in all lanes, so that the compiler keeps what depends on it in uniform registers.
  int warpgroup = __shfl_sync(FULL_WARP, threadIdx.x / 128, 0);
  int firstRow = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4;
  for (; walk.hasTile(); walk.advance()) {
    Sums sums;
    multiply(sums, stages, warpgroup);
    int2 origin = walk.origin(block);
    storeActivated(sums, output, origin.x + firstRow, origin.y, rows);
  }
}

extern "C" __global__ void __cluster_dims__(CLUSTER, 1, 1) __launch_bounds__(THREADS, 1)
    fused_gate_up(const __grid_constant__ TensorMap source, const __grid_constant__ TensorMap weights,
        bf16* output, int rows) {
  awaitStream();
  extern __shared__ __align__(1024) unsigned char shared[];
  unsigned address = sharedAddress(shared);
  Stages stages(address, address + Stages::ALL_BYTES);
  unsigned block = blockOfCluster();
  if (threadIdx.x == 0) {
    stages.initialize(1, CLUSTER * CONSUMER_THREADS / 32);
    publishBarriers();
  }
  synchronizeCluster();
  Walk walk(rows);
  if (threadIdx.x < CONSUMER_THREADS) {
    consume(stages, walk, block, output, rows);
  } else if (threadIdx.x == CONSUMER_THREADS) {
    produce(source, weights, stages, walk, block);
  }
  // A block must not exit while the other one writes to its shared memory.
  synchronizeCluster();
}
