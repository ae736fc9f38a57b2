// Copies the first slots of a KV cache block to another block, in every layer, keys and values.
//
// Compiled with -DHEAD_SIZE -DBLOCK_SIZE -DKV_FP8=0|1.
//
// copy_blocks(cache, f32 scales,          all planes; scales are null without KV_FP8
//     i32 copies[][3: source block, target block, tokens], i32 blocks, i32 keyValueHeads)
//     grid (copies, 2 * layers, keyValueHeads), block 128
#include "common.cuh"

constexpr int STRIDE = roundUp(HEAD_SIZE, 16);
constexpr int ROW_BYTES = STRIDE * (KV_FP8 ? 1 : 2);

extern "C" __global__ void __launch_bounds__(128)
    copy_blocks(char* cache, float* scales, const int* copies, int blocks, int keyValueHeads) {
  awaitStream();
  const int* copy = copies + blockIdx.x * 3;
  int tokens = copy[2];
  long long plane = (long long)blockIdx.y * blocks;
  long long source = ((plane + copy[0]) * keyValueHeads + blockIdx.z) * BLOCK_SIZE;
  long long target = ((plane + copy[1]) * keyValueHeads + blockIdx.z) * BLOCK_SIZE;
  const uint4* from = reinterpret_cast<const uint4*>(cache + source * ROW_BYTES);
  uint4* to = reinterpret_cast<uint4*>(cache + target * ROW_BYTES);
  for (int i = threadIdx.x; i < tokens * ROW_BYTES / 16; i += blockDim.x) {
    to[i] = from[i];
  }
  if (scales != nullptr) {
    for (int i = threadIdx.x; i < tokens; i += blockDim.x) {
      scales[target + i] = scales[source + i];
    }
  }
}
