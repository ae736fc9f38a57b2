// Hopper's tensor memory accelerator (sm_90a): copies of boxes of a matrix to shared memory, also to that
// of all blocks of a cluster, and barriers across it.
#pragma once

#include "warpgroup.cuh"

// The driver's description of a matrix and its boxes (CUtensorMap), a parameter of the kernel.
struct alignas(64) TensorMap {
  unsigned char bytes[128];
};

// Copies the box at a column and row of the matrix asynchronously; elements outside of the matrix are
// zero. The barrier counts the bytes.
__device__ inline void copyBox(
    unsigned target, const TensorMap& map, int column, int row, unsigned barrier) {
  asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes "
               "[%0], [%1, {%2, %3}], [%4];" ::"r"(target),
               "l"(&map), "r"(column), "r"(row), "r"(barrier)
               : "memory");
}

// Copies the box to the same address in several blocks of the cluster, and counts at the barrier of
// each. Bit i of `blocks` is block i.
__device__ inline void copyBoxToBlocks(unsigned target, const TensorMap& map, int column, int row,
    unsigned barrier, unsigned blocks) {
  asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes"
               ".multicast::cluster [%0], [%1, {%2, %3}], [%4], %5;" ::"r"(target),
               "l"(&map), "r"(column), "r"(row), "r"(barrier), "h"((unsigned short)blocks)
               : "memory");
}

// Copies bytes asynchronously; their number and both addresses are multiples of 16. The barrier counts them.
__device__ inline void copyBytes(unsigned target, const void* source, int bytes, unsigned barrier) {
  asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::
               "r"(target),
               "l"(source), "r"(bytes), "r"(barrier)
               : "memory");
}

// Arrives, and makes the barrier wait for so many bytes.
__device__ inline void expectBytes(unsigned barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes)
               : "memory");
}

// Arrives at the same barrier of a block of the cluster.
__device__ inline void arriveAt(unsigned barrier, unsigned block) {
  asm volatile("{\n.reg .b32 there;\n"
               "mapa.shared::cluster.u32 there, %0, %1;\n"
               "mbarrier.arrive.shared::cluster.b64 _, [there];\n}" ::"r"(barrier),
               "r"(block)
               : "memory");
}

// This block's number in its cluster.
__device__ inline unsigned blockOfCluster() {
  unsigned block;
  asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(block));
  return block;
}

// Makes initialized barriers visible to copies and to the cluster.
__device__ inline void publishBarriers() {
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

// Waits for all threads of the cluster.
__device__ inline void synchronizeCluster() {
  asm volatile("barrier.cluster.arrive.release;\nbarrier.cluster.wait.acquire;" ::: "memory");
}
