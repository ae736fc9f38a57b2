// Between row-major weights and the tiles of packed_tiles.cuh.
//
// Compiled with the definitions of packed_tiles.cuh, for sm_90a only.
//
// tile_weights(
//     u8 codes[outputs][codeBytes],   two 4-bit codes a byte, the first in the lower half, or one of 8 bits
//     f16 scales[outputs][groups], f16 offsets[outputs][groups], may be null: zeros,
//     f32 rowScales[outputs], may be null: ones; factors of scales and offsets,
//     e8m0 channelScales[outputs], may be null: ones; divisors of scales and offsets,
//     u8 tiles[tiles of outputs][tiles of inputs][TILE_BYTES],
//     i32 outputs, i32 inputs, i32 codeBytes, i32 groupSize)
//     GROUP_SIZE divides groupSize, which is the one of `scales`. grid (tiles of inputs, tiles of outputs),
//     block 128
// untile_weights(
//     u8 tiles[tiles of outputs][tiles of inputs][TILE_BYTES],
//     bf16 or e4m3 target[outputs][inputs], i32 outputs, i32 inputs)
//     what packed_gemm multiplies. inputs is a multiple of 16.
//     grid (at most tiles of inputs, tiles of outputs), block 128
#include "packed_tiles.cuh"
#include "accumulators.cuh"

__device__ inline unsigned codeAt(
    const unsigned char* codes, int output, int input, int outputs, int inputs, int codeBytes) {
  if (output >= outputs || input >= inputs) {
    return 0;
  }
  const unsigned char* row = codes + (long long)output * codeBytes;
  return CODE_BITS == 4 ? row[input / 2] >> input % 2 * 4 & 15 : row[input];
}

extern "C" __global__ void __launch_bounds__(WARPGROUP)
    tile_weights(const unsigned char* codes, const __half* scales, const __half* offsets,
        const float* rowScales, const e8m0* channelScales, unsigned char* tiles, int outputs, int inputs,
        int codeBytes, int groupSize) {
  awaitStream();
  int thread = threadIdx.x;
  int firstInput = blockIdx.x * TILE_INPUTS;
  int firstOutput = blockIdx.y * TILE_OUTPUTS;
  unsigned char* tile = tiles + ((long long)blockIdx.y * gridDim.x + blockIdx.x) * TILE_BYTES;
#pragma unroll
  for (int chunk = 0; chunk < CHUNKS; chunk++) {
    unsigned words[4] = {};
#pragma unroll
    for (int i = 0; i < CHUNK_MMAS; i++) {
      int input = firstInput + (chunk * CHUNK_MMAS + i) * MMA_INPUTS;
#pragma unroll
      for (int pair = 0; pair < MMA_PAIRS; pair++) {
        int output = firstOutput + outputOfThread(thread) + outputOfPair(pair);
        int first = input + inputOfPair(pair, thread);
        words[i * MMA_WORDS + pair / WORD_PAIRS] |=
            placePair(codeAt(codes, output, first, outputs, inputs, codeBytes),
                codeAt(codes, output, first + 1, outputs, inputs, codeBytes), pair);
      }
    }
    reinterpret_cast<uint4*>(tile)[chunk * WARPGROUP + thread] =
        make_uint4(words[0], words[1], words[2], words[3]);
  }
  int groups = (inputs + groupSize - 1) / groupSize;
  unsigned* targets = reinterpret_cast<unsigned*>(tile + CODES_BYTES);
  for (int i = thread; i < TILE_GROUPS * TILE_OUTPUTS; i += WARPGROUP) {
    int output = firstOutput + i % TILE_OUTPUTS;
    int input = firstInput + i / TILE_OUTPUTS * GROUP_SIZE;
    float scale = 0;
    float offset = 0;
    if (output < outputs && input < inputs) {
      long long place = (long long)output * groups + input / groupSize;
      float factor = rowScales == nullptr ? 1 : rowScales[output];
      if (channelScales != nullptr) {
        factor *= __uint_as_float((254u - min((unsigned)channelScales[output], 254u)) << 23);
      }
      scale = __half2float(scales[place]) * factor;
      offset = (offsets == nullptr ? 0 : __half2float(offsets[place]) * factor) + CODE_CENTER * scale;
    }
    targets[i] = asBits(pairOf(scale, offset));
  }
}

// Stores four chunks of 16 bytes, one by each of four lanes, of a row of the target.
__device__ inline void storeChunks(
    unsigned (&x)[4], unsigned char* row, int firstByte, int rowBytes, bool inside) {
  uint4 chunk = gatherChunk(x);
  int byte = firstByte + threadIdx.x % 4 * 16;
  if (inside && byte < rowBytes) {
    *reinterpret_cast<uint4*>(row + byte) = chunk;
  }
}

// Unpacks the tile whose first input is `input`.
__device__ inline void untile(const unsigned char* tile, const unsigned* table,
    unsigned char* target, int input, int outputs, int inputs) {
  constexpr int NUMBER_BYTES = OPERANDS_E4M3 ? 1 : 2;
  // MMAs whose inputs are four chunks of 16 bytes of a row.
  constexpr int ROUND_MMAS = 2;
  static_assert(ROUND_MMAS * MMA_INPUTS * NUMBER_BYTES == 64, "four chunks");
  int thread = threadIdx.x;
  int output = blockIdx.y * TILE_OUTPUTS + outputOfThread(thread);
  int rowBytes = inputs * NUMBER_BYTES;
  GroupScales scales;
#pragma unroll
  for (int first = 0; first < TILE_MMAS; first += ROUND_MMAS) {
    unsigned left[ROUND_MMAS][4];
#pragma unroll
    for (int i = 0; i < ROUND_MMAS; i++) {
      int mma = first + i;
      if (mma * MMA_INPUTS % GROUP_SIZE == 0) {
        scales.load(tile, mma * MMA_INPUTS / GROUP_SIZE, thread);
      }
      uint4 chunk = reinterpret_cast<const uint4*>(tile)[mma / CHUNK_MMAS * WARPGROUP + thread];
      unsigned words[4] = {chunk.x, chunk.y, chunk.z, chunk.w};
      unpackMma(words + mma % CHUNK_MMAS * MMA_WORDS, table, scales, left[i]);
    }
#pragma unroll
    for (int i = 0; i < 2; i++) {
      // Registers of an MMA are of two outputs, in turn, and of two halves of its inputs.
      unsigned x[4] = {left[0][i], left[0][2 + i], left[1][i], left[1][2 + i]};
      storeChunks(x, target + (long long)(output + i) * rowBytes,
          (input + first * MMA_INPUTS) * NUMBER_BYTES, rowBytes, output + i < outputs);
    }
  }
}

extern "C" __global__ void __launch_bounds__(WARPGROUP)
    untile_weights(const unsigned char* tiles, unsigned char* target, int outputs, int inputs) {
  awaitStream();
  __shared__ unsigned table[HAS_TABLE ? 256 * 32 : 1];
  fillTable(table);
  __syncthreads();
  int inputTiles = (inputs + TILE_INPUTS - 1) / TILE_INPUTS;
  for (int i = blockIdx.x; i < inputTiles; i += gridDim.x) {
    const unsigned char* tile = tiles + ((long long)blockIdx.y * inputTiles + i) * TILE_BYTES;
    untile(tile, table, target, i * TILE_INPUTS, outputs, inputs);
  }
}
