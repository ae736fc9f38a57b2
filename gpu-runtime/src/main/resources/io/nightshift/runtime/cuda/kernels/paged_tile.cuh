// Copies of tiles of a KV head's tokens from the blocks of the KV cache to shared memory.
#pragma once

#include "attention.cuh"

// TILE tokens of a context from `first`, a multiple of TILE. Tokens outside of [begin, end) are not part
// of the piece and become zeros.
template <int TILE> struct PagedTile {
  static constexpr unsigned BLOCKS = TILE > BLOCK_SIZE ? TILE / BLOCK_SIZE : 1;
  static_assert(BLOCKS <= 32, "a lane knows one block of a tile");
  static_assert(TILE % BLOCK_SIZE == 0 || BLOCK_SIZE % TILE == 0, "tiles are of whole blocks");

  int heads;
  int head;
  int first;
  int begin;
  int end;
  // Lane i of a warp has the i-th block.
  int laneBlock;

  // The block for this lane. Blocks outside of the piece's range are not looked up.
  __device__ static int lookUp(const int* blockTable, int first, int begin, int end) {
    int block = first / BLOCK_SIZE + threadIdx.x % 32 % BLOCKS;
    block = max(block, begin / BLOCK_SIZE);
    return blockTable[min(block, (end - 1) / BLOCK_SIZE)];
  }

  __device__ bool has(unsigned row) const {
    int token = first + row;
    return token >= begin && token < end;
  }

  // The slot of a row's token; all lanes of the warp must call this.
  __device__ long long slot(unsigned row) const {
    long long block = __shfl_sync(FULL_WARP, laneBlock, row / BLOCK_SIZE % BLOCKS);
    return (block * heads + head) * BLOCK_SIZE + (first + row) % BLOCK_SIZE;
  }

  // THREADS threads, whole warps, copy the rows of a plane, each of CHUNKS 16-byte chunks, to
  // target(row, chunk).
  template <int THREADS, typename Target>
  __device__ void copyRows(const Cached* plane, unsigned thread, Target target) const {
    constexpr unsigned CHUNKS = STRIDE * sizeof(Cached) / 16;
    constexpr unsigned COPIES = TILE * CHUNKS;
    if constexpr (THREADS % CHUNKS == 0 && COPIES % THREADS == 0) {
      if (first >= begin && first + TILE <= end) {
        copyPasses<THREADS, CHUNKS>(plane, thread, target, [](unsigned) { return 16; });
      } else {
        copyPasses<THREADS, CHUNKS>(
            plane, thread, target, [&](unsigned row) { return has(row) ? 16 : 0; });
      }
    } else {
#pragma unroll
      for (unsigned i = 0; i < (COPIES + THREADS - 1) / THREADS; i++) {
        unsigned index = thread + i * THREADS;
        unsigned row = index / CHUNKS;
        long long source = slot(row);
        if (COPIES % THREADS == 0 || index < COPIES) {
          copyChunk(target(row, index % CHUNKS),
              reinterpret_cast<const uint4*>(plane) + source * CHUNKS + index % CHUNKS,
              has(row) ? 16 : 0);
        }
      }
    }
  }

  // A thread copies the same chunk of a row in each pass; an address is computed once for each block.
  template <int THREADS, unsigned CHUNKS, typename Target, typename Bytes>
  __device__ void copyPasses(
      const Cached* plane, unsigned thread, Target target, Bytes bytes) const {
    constexpr unsigned ROWS = THREADS / CHUNKS;
    unsigned row = thread / CHUNKS;
    unsigned chunk = thread % CHUNKS;
    const uint4* firstBlock = reinterpret_cast<const uint4*>(plane) +
        (long long)(head * BLOCK_SIZE + (first + row) % BLOCK_SIZE) * CHUNKS + chunk;
    int blockBytes = heads * BLOCK_SIZE * (int)CHUNKS * 16;
    const char* block = nullptr;
#pragma unroll
    for (unsigned pass = 0; pass < TILE / ROWS; pass++) {
      if (ROWS >= BLOCK_SIZE || pass * ROWS % BLOCK_SIZE == 0) {
        int number = __shfl_sync(FULL_WARP, laneBlock, (row + pass * ROWS) / BLOCK_SIZE % BLOCKS);
        block = reinterpret_cast<const char*>(firstBlock) + (long long)number * blockBytes;
      }
      copyChunk(target(row + pass * ROWS, chunk), block + pass * ROWS % BLOCK_SIZE * CHUNKS * 16,
          bytes(row + pass * ROWS));
    }
  }
};
