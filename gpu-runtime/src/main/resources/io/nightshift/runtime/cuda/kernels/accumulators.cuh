// From the accumulators of a warp's matrix instructions to rows in memory.
#pragma once

#include "common.cuh"

// Transposes four 16-byte chunks of which four lanes have 4 bytes each: lane i gets chunk i.
__device__ inline uint4 gatherChunk(unsigned (&x)[4]) {
  int lane = threadIdx.x % 4;
#pragma unroll
  for (int i = 0; i < 4; i += 2) {
    unsigned other = __shfl_xor_sync(FULL_WARP, lane % 2 == 0 ? x[i + 1] : x[i], 1);
    (lane % 2 == 0 ? x[i + 1] : x[i]) = other;
  }
#pragma unroll
  for (int i = 0; i < 2; i++) {
    unsigned other = __shfl_xor_sync(FULL_WARP, lane < 2 ? x[i + 2] : x[i], 2);
    (lane < 2 ? x[i + 2] : x[i]) = other;
  }
  return make_uint4(x[0], x[1], x[2], x[3]);
}
