// Flash attention of tall tiles on Hopper (Shah et al., "FlashAttention-3", 2024). Replaces attention_128
// of attention.cu for heads of 64 and 128 elements, and of 256 if keys and values are bf16.
//
// Compiled with the definitions of attention.cu, for sm_90a only.
//
// attention_warpgroup(... the parameters of attention_128 ..., i32 pieceCount)
//     grid: the number of multiprocessors, or a block for each piece and KV head if these are fewer;
//     block and dynamic shared memory: AttentionShape.launch in Java
//
// A block is persistent: it stays on its multiprocessor and computes one unit (a piece, for one KV head)
// after the other. Producer threads copy queries, keys and values to shared memory, also those of the
// next units. Two warpgroups multiply (wgmma), each 64 of the tile's rows: in the background of a
// softmax, they compute the scores of a tile of tokens and the weighted sum of the values of the tile
// before. 8-bit keys and values are converted to f16 on their way; scores and weights are multiplied by
// their scales.
#include "attention_consumer.cuh"
#include "attention_producer.cuh"

extern "C" __global__ void __launch_bounds__(THREADS, 1) attention_warpgroup(const bf16* queries,
    const Cached* keys, const Cached* values, const float* keyScales, const float* valueScales,
    const int* pieces, const int4* rows, const int* treeMasks, const int* blockTables, bf16* output,
    float* partials, float* partialLogSums, int keyValueHeads, float scale, float softCap,
    const float* sinks, int pieceCount) {
  awaitStream();
  extern __shared__ __align__(1024) unsigned char shared[];
  Arguments arguments = {queries, keys, values, keyScales, valueScales,
      reinterpret_cast<const Piece*>(pieces), rows, treeMasks, blockTables, output, partials,
      partialLogSums, keyValueHeads, scale, softCap, sinks, pieceCount};
  unsigned address = sharedAddress(shared);
  if (threadIdx.x == 0) {
    constexpr int CONSUMER_WARPS = CONSUMERS * WARPGROUP / 32;
    queryChannel(address).initialize(PRODUCERS, CONSUMER_WARPS);
    tileChannel(address, 0).initialize(PRODUCERS, CONSUMER_WARPS);
    tileChannel(address, 1).initialize(PRODUCERS, CONSUMER_WARPS);
  }
  __syncthreads();
  // The registers of a multiprocessor, which are allocated in steps of 8.
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
