// GEMMs of few rows of activations with quantized weights on Hopper: weights stay packed up to the registers.
//
// Compiled with the definitions of packed_tiles.cuh and -DWARPGROUPS -DWARPGROUP_TILES (tiles of 64 outputs
// of a warpgroup) -DROWS (8|16|32|64|128|192|256: rows of a block's tile) -DROW_STAGES -DCODE_STAGES, for
// sm_90a only.
//
// packed_gemm(
//     TensorMap source,    bf16 or e4m3 [at least rows][inputs], in boxes of ROWS rows of 128 bytes
//     u8 weights[tiles of outputs][tiles of inputs][TILE_BYTES],           see packed_tiles.cuh
//     bf16 target[at least rows][targetStride],   its first outputs columns; both are even
//     f32 partial[blocks][sums of a block], i32 arrived[blocks],           zero; left so
//     i32 rows, i32 outputs, i32 inputTiles, i32 targetStride, i32 adds, f32 multiplier)
//     grid, block and dynamic shared memory: PackedGemmShape.launch in Java
//
// target = or += multiplier * source * weights^T. The problem is transposed: weights are the left operand of
// the MMAs, which can be in registers, so that unpacked weights are never stored. One warp fetches codes and
// one fetches rows, both ahead across tiles. Blocks are persistent and share the work evenly: each has one
// range of all input tiles of all output tiles (stream-K, Osama et al., 2023). If an output tile is cut, the
// last of its blocks adds the others' sums, in a fixed order.
#include "packed_tiles.cuh"
#include "packed_mma.cuh"
#include "tensor_copy.cuh"

constexpr int CONSUMER_THREADS = WARPGROUPS * WARPGROUP;
constexpr int THREADS = CONSUMER_THREADS + WARPGROUP;

// Registers of a thread that multiplies, and of one that fetches: a multiprocessor has 512 for each of 128.
constexpr int CONSUMER_REGISTERS = WARPGROUPS == 2 ? 232 : WARPGROUPS == 3 ? 152 : 104;
constexpr int PRODUCER_REGISTERS = WARPGROUPS == 2 ? 40 : WARPGROUPS == 3 ? 56 : 64;
constexpr int BLOCK_TILES = WARPGROUPS * WARPGROUP_TILES;

// MMAs whose operands are unpacked while as many others run.
constexpr int BATCH = 2;
constexpr int BATCHES = TILE_MMAS / BATCH;
constexpr int PANEL_MMAS = PANEL_BYTES / 32;
constexpr int PANEL_INPUTS = PANEL_MMAS * MMA_INPUTS;
static_assert(BATCHES % 2 == 0 && PANEL_MMAS % BATCH == 0, "two sets of registers take turns");

using Codes = Channel<CODE_STAGES, BLOCK_TILES * TILE_BYTES>;
using Rows = Channel<ROW_STAGES, ROWS * PANEL_BYTES>;
constexpr int SHARED_BYTES = Rows::ALL_BYTES + Codes::ALL_BYTES + TABLE_BYTES + Rows::BARRIERS_BYTES +
    Codes::BARRIERS_BYTES;

using Sums = float[WARPGROUP_TILES][ROWS / 2];
constexpr int PARTIAL_VECTORS = WARPGROUP_TILES * ROWS / 8;

// A part of the work: input tiles `begin` to `end` - 1 for one tile of outputs and rows.
struct Piece {
  int tile;
  int begin;
  int end;
};

// The pieces of a block's range, the last one first: whoever waits for another block's sums does so for a
// block with a lower number, which does not wait before it has stored them.
struct Walk {
  int inputTiles;
  long long all;
  long long first;
  long long cursor;

  __device__ Walk(int tiles, int inputTiles) : inputTiles(inputTiles) {
    all = (long long)tiles * inputTiles;
    first = firstOf(blockIdx.x);
    cursor = firstOf(blockIdx.x + 1);
  }

  __device__ long long firstOf(int block) const { return all * block / gridDim.x; }
  __device__ bool hasPiece() const { return cursor > first; }

  __device__ Piece next() {
    int tile = (int)((cursor - 1) / inputTiles);
    long long origin = (long long)tile * inputTiles;
    long long begin = max(first, origin);
    Piece piece = {tile, (int)(begin - origin), (int)(cursor - origin)};
    cursor = begin;
    return piece;
  }
};

struct Problem {
  int rows;
  int outputs;
  int inputTiles;

  __device__ int rowTiles() const { return (rows + ROWS - 1) / ROWS; }
  __device__ int outputTiles() const { return (outputs + TILE_OUTPUTS - 1) / TILE_OUTPUTS; }
  __device__ int tiles() const {
    return rowTiles() * ((outputTiles() + BLOCK_TILES - 1) / BLOCK_TILES);
  }
  // Tiles of rows are neighbours, so that blocks share the weights that they read.
  __device__ int firstRow(int tile) const { return tile % rowTiles() * ROWS; }
  __device__ int firstOutputTile(int tile) const { return tile / rowTiles() * BLOCK_TILES; }
};

__device__ inline void produceCodes(
    const unsigned char* weights, const Problem& problem, Codes codes, Walk walk) {
  while (walk.hasPiece()) {
    Piece piece = walk.next();
    int first = problem.firstOutputTile(piece.tile);
    for (int step = piece.begin; step < piece.end; step++) {
      codes.awaitEmpty();
      expectBytes(codes.full(), BLOCK_TILES * TILE_BYTES);
#pragma unroll 1
      for (int i = 0; i < BLOCK_TILES; i++) {
        // Behind the last tile of outputs, it is read again, and its sums are not stored.
        long long row = min(first + i, problem.outputTiles() - 1);
        copyBytes(codes.buffer() + i * TILE_BYTES, weights + (row * problem.inputTiles + step) * TILE_BYTES,
            TILE_BYTES, codes.full());
      }
      codes.advance();
    }
  }
}

__device__ inline void produceRows(
    const TensorMap& source, const Problem& problem, Rows stages, Walk walk) {
  while (walk.hasPiece()) {
    Piece piece = walk.next();
    int row = problem.firstRow(piece.tile);
    for (int input = piece.begin * TILE_INPUTS; input < piece.end * TILE_INPUTS; input += PANEL_INPUTS) {
      stages.awaitEmpty();
      expectBytes(stages.full(), ROWS * PANEL_BYTES);
      copyBox(stages.buffer(), source, input, row, stages.full());
      stages.advance();
    }
  }
}

// What a warpgroup multiplies with.
struct Operands {
  const unsigned char* shared;
  unsigned sharedStart;
  const unsigned* table;
  int warpgroup;

  __device__ const unsigned char* tile(const Codes& codes, int tile) const {
    return shared + (codes.buffer() - sharedStart) + (warpgroup * WARPGROUP_TILES + tile) * TILE_BYTES;
  }
};

__device__ inline void multiply(
    Sums& sums, const Operands& operands, Codes& codes, Rows& rows, const Piece& piece) {
  int thread = threadIdx.x % WARPGROUP;
  Rows read = rows;
  unsigned left[2][WARPGROUP_TILES][BATCH][4];
  GroupScales scales[WARPGROUP_TILES];
  uint4 chunks[WARPGROUP_TILES];
  unsigned right = 0;
#pragma unroll 1
  for (int step = piece.begin; step < piece.end; step++) {
    codes.awaitFull();
#pragma unroll
    for (int batch = 0; batch < BATCHES; batch++) {
      int set = batch % 2;
#pragma unroll
      for (int t = 0; t < WARPGROUP_TILES; t++) {
        const unsigned char* tile = operands.tile(codes, t);
#pragma unroll
        for (int i = 0; i < BATCH; i++) {
          int mma = batch * BATCH + i;
          if (mma * MMA_INPUTS % GROUP_SIZE == 0) {
            scales[t].load(tile, mma * MMA_INPUTS / GROUP_SIZE, thread);
          }
          if (mma % CHUNK_MMAS == 0) {
            chunks[t] = reinterpret_cast<const uint4*>(tile)[mma / CHUNK_MMAS * WARPGROUP + thread];
          }
          unsigned words[4] = {chunks[t].x, chunks[t].y, chunks[t].z, chunks[t].w};
          unpackMma(words + mma % CHUNK_MMAS * MMA_WORDS, operands.table, scales[t], left[set][t][i]);
        }
      }
      if (batch == BATCHES - 1) {
        codes.release();
      }
      if (batch * BATCH % PANEL_MMAS == 0) {
        rows.awaitFull();
        right = describe(rows.buffer(), 0);
        rows.advance();
      }
#pragma unroll
      for (int t = 0; t < WARPGROUP_TILES; t++) {
        hold(left[set][t]);
        hold(sums[t]);
      }
      beginMma();
#pragma unroll
      for (int i = 0; i < BATCH; i++) {
        int mma = batch * BATCH + i;
#pragma unroll
        for (int t = 0; t < WARPGROUP_TILES; t++) {
          multiplyRows<ROWS>(sums[t], left[set][t][i], right + mma % PANEL_MMAS * 2,
              mma > 0 || step > piece.begin);
        }
      }
      commitMma();
      // These MMAs run while the operands of the next are unpacked to the other registers.
      awaitMma<1>();
#pragma unroll
      for (int t = 0; t < WARPGROUP_TILES; t++) {
        hold(left[1 - set][t]);
        hold(sums[t]);
      }
      if (batch * BATCH % PANEL_MMAS == 0 && (batch > 0 || step > piece.begin)) {
        read.release();
      }
    }
  }
  awaitMma<0>();
#pragma unroll
  for (int t = 0; t < WARPGROUP_TILES; t++) {
    hold(sums[t]);
  }
  read.release();
}

// A barrier of the consumers alone.
__device__ inline void synchronizeConsumers() {
  asm volatile("bar.sync 1, %0;" ::"n"(CONSUMER_THREADS) : "memory");
}

__device__ inline float4* partialOf(float* partial, int block) {
  return reinterpret_cast<float4*>(partial) +
      (long long)block * PARTIAL_VECTORS * CONSUMER_THREADS + threadIdx.x;
}

__device__ inline void storePartial(const Sums& sums, float* partial, int* arrived) {
  float4* target = partialOf(partial, blockIdx.x);
#pragma unroll
  for (int t = 0; t < WARPGROUP_TILES; t++) {
#pragma unroll
    for (int i = 0; i < ROWS / 2; i += 4) {
      __stcg(target + (t * ROWS / 8 + i / 4) * CONSUMER_THREADS,
          make_float4(sums[t][i], sums[t][i + 1], sums[t][i + 2], sums[t][i + 3]));
    }
  }
  __threadfence();
  synchronizeConsumers();
  if (threadIdx.x == 0) {
    asm volatile("st.release.gpu.global.s32 [%0], 1;" ::"l"(arrived + blockIdx.x) : "memory");
  }
}

// Waits for blocks `first` up to this one, a thread for each.
__device__ inline void awaitPartials(int* arrived, int first) {
  for (int block = first + threadIdx.x; block < blockIdx.x; block += CONSUMER_THREADS) {
    int done;
    do {
      asm volatile("ld.acquire.gpu.global.s32 %0, [%1];" : "=r"(done) : "l"(arrived + block) : "memory");
    } while (!done);
    arrived[block] = 0;
  }
  synchronizeConsumers();
}

__device__ inline void addPartials(Sums& sums, float* partial, int first) {
  // Few sums are loaded from several blocks together.
#pragma unroll(PARTIAL_VECTORS <= 4 ? 4 : 1)
  for (int block = first; block < blockIdx.x; block++) {
    const float4* source = partialOf(partial, block);
#pragma unroll
    for (int t = 0; t < WARPGROUP_TILES; t++) {
#pragma unroll
      for (int i = 0; i < ROWS / 2; i += 4) {
        float4 x = __ldcg(source + (t * ROWS / 8 + i / 4) * CONSUMER_THREADS);
        sums[t][i] += x.x;
        sums[t][i + 1] += x.y;
        sums[t][i + 2] += x.z;
        sums[t][i + 3] += x.w;
      }
    }
  }
}

// How sums become outputs.
struct Output {
  bf16* target;
  int stride;
  bool adds;
  float multiplier;
};

__device__ inline void storeOutputs(
    const Sums& sums, const Problem& problem, const Output& output, int tile, int warpgroup) {
  int firstRow = problem.firstRow(tile) + threadIdx.x % 4 * 2;
#pragma unroll
  for (int t = 0; t < WARPGROUP_TILES; t++) {
    int channel = (problem.firstOutputTile(tile) + warpgroup * WARPGROUP_TILES + t) * TILE_OUTPUTS +
        outputOfThread(threadIdx.x % WARPGROUP);
    if (channel >= problem.outputs) {
      continue;
    }
#pragma unroll
    for (int i = 0; i < ROWS / 4; i++) {
      int row = firstRow + i / 2 * 8 + i % 2;
      if (row < problem.rows) {
        float first = sums[t][i / 2 * 4 + i % 2] * output.multiplier;
        float second = sums[t][i / 2 * 4 + i % 2 + 2] * output.multiplier;
        __nv_bfloat162* to = reinterpret_cast<__nv_bfloat162*>(
            output.target + (long long)row * output.stride + channel);
        if (output.adds) {
          float2 old = __bfloat1622float2(*to);
          first += old.x;
          second += old.y;
        }
        *to = __floats2bfloat162_rn(first, second);
      }
    }
  }
}

__device__ inline void consume(const Operands& operands, Codes codes, Rows rows, const Problem& problem,
    Walk walk, const Output& output, float* partial, int* arrived) {
  while (walk.hasPiece()) {
    Piece piece = walk.next();
    Sums sums;
    multiply(sums, operands, codes, rows, piece);
    if (piece.end < problem.inputTiles) {
      storePartial(sums, partial, arrived);
      continue;
    }
    if (piece.begin > 0) {
      int block = blockIdx.x - 1;
      while (walk.firstOf(block) > (long long)piece.tile * problem.inputTiles) {
        block--;
      }
      awaitPartials(arrived, block);
      addPartials(sums, partial, block);
    }
    storeOutputs(sums, problem, output, piece.tile, operands.warpgroup);
  }
}

extern "C" __global__ void __launch_bounds__(THREADS, 1)
    packed_gemm(const __grid_constant__ TensorMap source, const unsigned char* weights,
        bf16* target, float* partial, int* arrived, int rows, int outputs, int inputTiles,
        int targetStride, int adds, float multiplier) {
  awaitStream();
  extern __shared__ __align__(1024) unsigned char shared[];
  unsigned address = sharedAddress(shared);
  unsigned codesAddress = address + Rows::ALL_BYTES;
  unsigned* table = reinterpret_cast<unsigned*>(shared + Rows::ALL_BYTES + Codes::ALL_BYTES);
  unsigned barriers = codesAddress + Codes::ALL_BYTES + TABLE_BYTES;
  Rows rowStages(address, barriers);
  Codes codes(codesAddress, barriers + Rows::BARRIERS_BYTES);
  if (threadIdx.x == 0) {
    rowStages.initialize(1, CONSUMER_THREADS / 32);
    codes.initialize(1, CONSUMER_THREADS / 32);
    publishBarriers();
  }
  fillTable(table);
  __syncthreads();
  Problem problem = {rows, outputs, inputTiles};
  Walk walk(problem.tiles(), inputTiles);
  if (threadIdx.x >= CONSUMER_THREADS) {
    leaveRegisters<PRODUCER_REGISTERS>();
    if (threadIdx.x == CONSUMER_THREADS) {
      produceCodes(weights, problem, codes, walk);
    } else if (threadIdx.x == CONSUMER_THREADS + 32) {
      produceRows(source, problem, rowStages, walk);
    }
  } else {
    takeRegisters<CONSUMER_REGISTERS>();
    // The same in all lanes, so that the compiler keeps what depends on it in uniform registers.
    int warpgroup = __shfl_sync(FULL_WARP, threadIdx.x / WARPGROUP, 0);
    Operands operands = {shared, address, table, warpgroup};
    consume(operands, codes, rowStages, problem, walk, {target, targetStride, adds != 0, multiplier},
        partial, arrived);
  }
}
