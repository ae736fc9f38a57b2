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

// Waits until all ranks have arrived at an exchange: what they have written before is visible then. One
// block announces that this rank has arrived, which says that all earlier kernels of its stream have
// ended. To be called by all threads, after awaitStream().
__device__ inline void awaitPeers(const Peers* peers, const unsigned long long* step, int exchange) {
  if (threadIdx.x < RANKS) {
    unsigned long long number = (*step << EXCHANGE_BITS) + exchange;
    if (blockIdx.x == 0) {
      releaseArrival(peers->arrivals[threadIdx.x] + peers->rank, number);
    }
    const unsigned long long* arrived = peers->arrivals[peers->rank] + threadIdx.x;
    for (int polls = 1; acquireArrival(arrived) < number; polls++) {
      if (polls % POLLS_BETWEEN_CHECKS == 0 && *peers->aborted != 0) {
        break;
      }
    }
  }
  __syncthreads();
}
