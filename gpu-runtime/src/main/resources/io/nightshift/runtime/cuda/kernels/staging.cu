// Moves KV cache blocks, of all layers of a group, between the cache and a contiguous staging buffer. A
// staged block is as in host memory: a row of elements for each plane, then a row of scales for each.
//
// Needs no definitions.
//
// gather_blocks(u8 elements[planes][blocks][elementBytes], i64 elementPlaneBytes, i32 elementBytes,
//     u8 scales[planes][blocks][scaleBytes], i64 scalePlaneBytes, i32 scaleBytes,
//     i32 planes, StagedBlocks, i32 count, u8 staging[])
//     from the cache to the staging buffer; scales are null, and scaleBytes 0, with bf16.
//     All sizes and offsets are multiples of 16 bytes.
//     grid min(64, count * planes), block 256
// scatter_blocks(the same)
//     from the staging buffer to the cache
//
// The GEMMs of a step run at the same time, and PCIe takes some 50 GB/s: few blocks are enough.
#include "common.cuh"

constexpr int THREADS = 256;

// As many as StagedBlocks in Java has.
constexpr int MOST_BLOCKS = 128;

// Vectors of 16 bytes that a thread has in flight.
constexpr int DEPTH = 4;

struct StagedBlock {
  int block;
  int offset; // bytes from the start of the staging buffer
};

struct StagedBlocks {
  StagedBlock of[MOST_BLOCKS];
};

// What is read is not read again by this kernel, or soon: it leaves the caches first.
__device__ inline void copyRow(const char* source, char* target, int bytes) {
  const uint4* from = reinterpret_cast<const uint4*>(source);
  uint4* to = reinterpret_cast<uint4*>(target);
  int vectors = bytes / 16;
  for (int first = threadIdx.x; first < vectors; first += DEPTH * THREADS) {
    uint4 x[DEPTH];
#pragma unroll
    for (int i = 0; i < DEPTH; i++) {
      if (first + i * THREADS < vectors) {
        x[i] = __ldcs(from + first + i * THREADS);
      }
    }
#pragma unroll
    for (int i = 0; i < DEPTH; i++) {
      if (first + i * THREADS < vectors) {
        to[first + i * THREADS] = x[i];
      }
    }
  }
}

template <bool GATHER>
__device__ inline void moveRow(char* cache, char* staged, int bytes) {
  if (GATHER) {
    copyRow(cache, staged, bytes);
  } else {
    copyRow(staged, cache, bytes);
  }
}

template <bool GATHER>
__device__ inline void moveBlocks(char* elements, long long elementPlaneBytes, int elementBytes,
    char* scales, long long scalePlaneBytes, int scaleBytes, int planes, const StagedBlocks& blocks,
    int count, char* staging) {
  for (int row = blockIdx.x; row < count * planes; row += gridDim.x) {
    StagedBlock staged = blocks.of[row / planes];
    long long plane = row % planes;
    char* target = staging + staged.offset;
    moveRow<GATHER>(
        elements + plane * elementPlaneBytes + (long long)staged.block * elementBytes,
        target + plane * elementBytes, elementBytes);
    if (scales != nullptr) {
      moveRow<GATHER>(scales + plane * scalePlaneBytes + (long long)staged.block * scaleBytes,
          target + (long long)planes * elementBytes + plane * scaleBytes, scaleBytes);
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS) gather_blocks(char* elements,
    long long elementPlaneBytes, int elementBytes, char* scales, long long scalePlaneBytes,
    int scaleBytes, int planes, const __grid_constant__ StagedBlocks blocks, int count, char* staging) {
  awaitStream();
  moveBlocks<true>(elements, elementPlaneBytes, elementBytes, scales, scalePlaneBytes, scaleBytes,
      planes, blocks, count, staging);
}

extern "C" __global__ void __launch_bounds__(THREADS) scatter_blocks(char* elements,
    long long elementPlaneBytes, int elementBytes, char* scales, long long scalePlaneBytes,
    int scaleBytes, int planes, const __grid_constant__ StagedBlocks blocks, int count, char* staging) {
  awaitStream();
  moveBlocks<false>(elements, elementPlaneBytes, elementBytes, scales, scalePlaneBytes, scaleBytes,
      planes, blocks, count, staging);
}
