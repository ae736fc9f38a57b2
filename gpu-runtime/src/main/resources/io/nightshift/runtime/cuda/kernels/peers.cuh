// Ranks of a tensor-parallel group, each on a GPU of its own, which read and write each other's memory
// over NVLink or PCIe. All ranks launch the same kernels, and their allocations are laid out alike: what
// is at some offset in an allocation of one rank is at the same offset in that of another. So a pointer
// of this rank and the offset between the two allocations (i64 offsets[RANKS], in bytes, 0 for this rank)
// give the pointer of another.
//
// Ranks wait for one another where they exchange data: each has a counter for every rank, which that rank
// sets to the number of the exchange that it has arrived at. Numbers ascend: a step's exchanges are
// numbered from `step << 16` on. Kernels read the step from memory, so that a graph can replay them.
//
// Needs -DRANKS, at most 8.
#pragma once

#include "common.cuh"

constexpr int EXCHANGE_BITS = 16;
constexpr int POLLS_BETWEEN_CHECKS = 4096;

// What PeerGroup in Java writes.
struct Peers {
  unsigned long long* arrivals[8];  // the counters of each rank, [RANKS], by who has arrived
  const volatile int* aborted;      // host memory: not 0 once nobody waits for anybody any more
  unsigned* endedBlocks;            // of the kernel that runs, 0 between kernels
  int rank;
  int unused;
};

template <typename T> __device__ inline T* ofPeer(T* pointer, const long long* offsets, int rank) {
  return reinterpret_cast<T*>(reinterpret_cast<unsigned long long>(pointer) + offsets[rank]);
}

__device__ inline unsigned long long acquireArrival(const unsigned long long* counter) {
  unsigned long long value;
  asm volatile("ld.acquire.sys.global.u64 %0, [%1];" : "=l"(value) : "l"(counter) : "memory");
  return value;
}

__device__ inline void releaseArrival(unsigned long long* counter, unsigned long long value) {
  asm volatile("st.release.sys.global.u64 [%0], %1;" : : "l"(counter), "l"(value) : "memory");
}

__device__ inline unsigned long long exchangeNumber(const unsigned long long* step, int exchange) {
  return (*step << EXCHANGE_BITS) + exchange;
}

__device__ inline void announce(const Peers* peers, int rank, unsigned long long number) {
  releaseArrival(peers->arrivals[rank] + peers->rank, number);
}

__device__ inline void awaitArrival(const Peers* peers, int rank, unsigned long long number) {
  const unsigned long long* arrived = peers->arrivals[peers->rank] + rank;
  for (int polls = 1; acquireArrival(arrived) < number; polls++) {
    if (polls % POLLS_BETWEEN_CHECKS == 0 && *peers->aborted != 0) {
      break;
    }
  }
}

// Waits until all ranks have arrived at an exchange: what they have written before is visible then. One
// block announces that this rank has arrived, which says that all earlier kernels of its stream have
// ended. To be called by all threads, after awaitStream().
__device__ inline void awaitPeers(const Peers* peers, const unsigned long long* step, int exchange) {
  if (threadIdx.x < RANKS) {
    unsigned long long number = exchangeNumber(step, exchange);
    if (blockIdx.x == 0) {
      announce(peers, threadIdx.x, number);
    }
    awaitArrival(peers, threadIdx.x, number);
  }
  __syncthreads();
}

// The end of a kernel whose blocks have written to the memory of all ranks: its last block ends once all
// ranks have come as far, so that what they have written is here for the next kernel. To be called by all
// threads of all blocks.
__device__ inline void awaitOutputs(const Peers* peers, const unsigned long long* step, int exchange) {
  __syncthreads();
  if (threadIdx.x != 0) {
    return;
  }
  __threadfence_system();
  if (atomicAdd(peers->endedBlocks, 1) != gridDim.x - 1) {
    return;
  }
  *peers->endedBlocks = 0;
  __threadfence_system();
  unsigned long long number = exchangeNumber(step, exchange);
  for (int rank = 0; rank < RANKS; rank++) {
    announce(peers, rank, number);
  }
  for (int rank = 0; rank < RANKS; rank++) {
    awaitArrival(peers, rank, number);
  }
}
