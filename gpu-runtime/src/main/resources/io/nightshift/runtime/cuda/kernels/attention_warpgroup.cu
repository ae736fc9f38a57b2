// Flash attention of tall tiles on Hopper (Shah et al., "FlashAttention-3", 2024). A block stays on
// its multiprocessor and does one unit (a piece of AttentionPlanner's list, for one KV head) after
// the other. Producer threads bring queries, keys and values to shared memory, also those of units
// to come. Two warpgroups multiply (wgmma), each 64 of the tile's rows: they compute the scores of a
// tile of tokens and the weighted sum of the values of the one before in the background of a
// softmax. 8-bit keys and values are made f16 on their way; their scales are multiplied to scores
// and weights.
#include "attention_consumer.cuh"
#include "attention_producer.cuh"

extern "C" __global__ void __launch_bounds__(THREADS, 1) attention_warpgroup(const bf16* queries,
    const Cached* keys, const Cached* values, const float* keyScales, const float* valueScales,
    const int* pieces, const int4* rows, const int* treeMasks, const int* blockTables, bf16* output,
    float* partials, float* partialLogSums, int keyValueHeads, float scale, int pieceCount) {
  awaitStream();
  extern __shared__ __align__(1024) unsigned char shared[];
  Arguments arguments = {queries, keys, values, keyScales, valueScales,
      reinterpret_cast<const Piece*>(pieces), rows, treeMasks, blockTables, output, partials,
      partialLogSums, keyValueHeads, scale, pieceCount};
  unsigned address = sharedAddress(shared);
  if (threadIdx.x == 0) {
    constexpr int CONSUMER_WARPS = CONSUMERS * WARPGROUP / 32;
    queryChannel(address).initialize(PRODUCERS, CONSUMER_WARPS);
    tileChannel(address, 0).initialize(PRODUCERS, CONSUMER_WARPS);
    tileChannel(address, 1).initialize(PRODUCERS, CONSUMER_WARPS);
  }
  __syncthreads();
  // A multiprocessor's registers, dealt out in steps of 8.
  constexpr int PRODUCER_REGISTERS = PRODUCER_WARPGROUPS == 2 || STRIDE > 128 ? 56 : 72;
  constexpr int CONSUMER_REGISTERS = PRODUCER_WARPGROUPS == 2 ? 200 : STRIDE > 128 ? 224 : 216;
  if (threadIdx.x < 2 * PRODUCERS) {
    leaveRegisters<PRODUCER_REGISTERS>();
    produce(arguments, address);
  } else {
    takeRegisters<CONSUMER_REGISTERS>();
    consume(arguments, address, shared);
  }
}
