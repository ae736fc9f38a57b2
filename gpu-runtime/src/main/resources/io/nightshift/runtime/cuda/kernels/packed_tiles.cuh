// Quantized weights in the order in which warpgroup MMAs take them as their left operand, and how a thread
// unpacks them in registers.
//
// Compiled with -DCODE_TYPE (the ordinal of CodeType in Java) -DOPERANDS_E4M3=0|1 (what the MMAs multiply:
// bf16 or e4m3) -DGROUP_SIZE=16|32|64|128 (not 16 with OPERANDS_E4M3).
//
// A matrix is cut into tiles of 64 outputs and 128 inputs, [output tile][input tile]; those that stick out
// are filled up with zeros. A tile has chunks of 16 bytes of codes, [chunk][thread of the warpgroup], then
// pairs of scale and offset, [group][output], in bf16, or in f16 if the MMAs multiply e4m3. A chunk has the
// codes of consecutive MMAs (cf. Marlin, Frantar et al., 2024). Rows of an MMA are outputs in this order:
// rows r and r + 8 of a warp's 16 are neighbours, so that a thread's two sums of a row of activations are
// stored together.
//
// Unpacked weights are rounded once. With their scales and offsets, which are rounded too, they are off by up
// to 2^-8 of themselves and 2^-9 of the offset in bf16, where the offset of UINT4 is that of code 8. For
// MMAs of e4m3 they are scaled in f16 and rounded to e4m3, as weights in this type always are: sums are not
// scaled by group, which would take a second set of accumulators.
#pragma once

#include "common.cuh"

constexpr int UINT4 = 0;
constexpr int E2M1 = 1;
constexpr int IQ4 = 2;
constexpr int INT8 = 3;
constexpr int E4M3 = 4;

constexpr int TILE_OUTPUTS = 64;
constexpr int TILE_INPUTS = 128;
constexpr int WARPGROUP = 128;
constexpr int CODE_BITS = CODE_TYPE < INT8 ? 4 : 8;

constexpr int MMA_INPUTS = OPERANDS_E4M3 ? 32 : 16;
constexpr int TILE_MMAS = TILE_INPUTS / MMA_INPUTS;

// A thread's part of an MMA is pairs of neighbouring inputs.
constexpr int MMA_PAIRS = TILE_OUTPUTS * MMA_INPUTS / WARPGROUP / 2;
constexpr int WORD_PAIRS = 16 / CODE_BITS;
constexpr int MMA_WORDS = MMA_PAIRS / WORD_PAIRS;
constexpr int CHUNK_MMAS = 4 / MMA_WORDS;
constexpr int CHUNKS = TILE_MMAS / CHUNK_MMAS;

constexpr int TILE_GROUPS = TILE_INPUTS / GROUP_SIZE;
constexpr int CODES_BYTES = CHUNKS * WARPGROUP * 16;
constexpr int TILE_BYTES = CODES_BYTES + TILE_GROUPS * TILE_OUTPUTS * 4;
static_assert(TILE_GROUPS * GROUP_SIZE == TILE_INPUTS, "tiles have whole groups");
static_assert(CHUNK_MMAS >= 1 && GROUP_SIZE >= MMA_INPUTS, "chunks and groups have whole MMAs");

// Bytes as indexes of a table: two 4-bit codes stand for two numbers.
constexpr bool HAS_TABLE = CODE_TYPE == E2M1 || CODE_TYPE == IQ4;
constexpr int TABLE_BYTES = HAS_TABLE ? 256 * 32 * 4 : 0;

// What is added to a scale's offset when codes are unpacked as numbers around zero.
constexpr int CODE_CENTER = CODE_TYPE == UINT4 ? 8 : 0;

// The first of the two outputs of a thread, in its tile.
__device__ inline int outputOfThread(int thread) {
  return thread / 32 * 16 + thread % 32 / 4 * 2;
}

// Which of the thread's outputs a pair belongs to.
__device__ constexpr int outputOfPair(int pair) {
  return OPERANDS_E4M3 ? pair / 2 % 2 : pair % 2;
}

// The first of a pair's two inputs, in its MMA.
__device__ inline int inputOfPair(int pair, int thread) {
  int lane = thread % 4;
  return OPERANDS_E4M3 ? pair / 4 * 16 + lane * 4 + pair % 2 * 2 : pair / 2 * 8 + lane * 2;
}

// Places a pair of codes in the word that `Codes` takes apart.
__device__ inline unsigned placePair(unsigned first, unsigned second, int pair) {
  int place = pair % WORD_PAIRS * CODE_BITS;
  return HAS_TABLE ? (first | second << 4) << pair % WORD_PAIRS * 8
                   : first << place | second << (16 + place);
}

// Pairs of numbers in a register: of f16 if the MMAs multiply e4m3, which they become later.
#if OPERANDS_E4M3
using Number2 = __half2;
#else
using Number2 = __nv_bfloat162;
#endif

__device__ inline Number2 asNumbers(unsigned bits) {
  return *reinterpret_cast<Number2*>(&bits);
}

__device__ inline unsigned asBits(Number2 numbers) {
  return *reinterpret_cast<unsigned*>(&numbers);
}

__device__ inline Number2 pairOf(float first, float second) {
#if OPERANDS_E4M3
  return __floats2half2_rn(first, second);
#else
  return __floats2bfloat162_rn(first, second);
#endif
}

// Two equal numbers; exact for what is written here.
__device__ inline Number2 both(float x) {
  return pairOf(x, x);
}

// (x & MASK) | bits in one instruction, which the compiler often does not make of it.
template <unsigned MASK> __device__ inline unsigned maskOr(unsigned x, unsigned bits) {
  unsigned result;
  asm("lop3.b32 %0, %1, %2, %3, 0xea;" : "=r"(result) : "r"(x), "n"(MASK), "r"(bits));
  return result;
}

// The numbers of two codes that `placePair` placed, exactly.
//
// Integers become the last bits of the fraction of 128 in bf16, or of 1,024 in f16. Its 7 bits hold an INT8
// without its sign, which is subtracted as 128. Exponents of 8-bit floats are moved to those of the larger
// type, and multiplied by a power of two to correct their bias, also of subnormal numbers.
__device__ inline Number2 numbersOf(unsigned word, int pair, const unsigned* table) {
  if constexpr (HAS_TABLE) {
    unsigned place = pair == 0 ? word << 7 : word >> (pair * 8 - 7);
    unsigned byte = maskOr<0x7f80>(place, threadIdx.x % 32 * 4);
    return asNumbers(*reinterpret_cast<const unsigned*>(reinterpret_cast<const char*>(table) + byte));
  }
  unsigned codes = word >> pair * CODE_BITS;
  if constexpr (CODE_TYPE == UINT4) {
    constexpr unsigned ONE = OPERANDS_E4M3 ? 0x64006400u : 0x43004300u;
    constexpr float BIAS = (OPERANDS_E4M3 ? 1024 : 128) + CODE_CENTER;
    return __hsub2(asNumbers(maskOr<0x000f000fu>(codes, ONE)), both(BIAS));
  } else if constexpr (CODE_TYPE == INT8) {
#if OPERANDS_E4M3
    return __hsub2(asNumbers((codes & 0x00ff00ffu) ^ 0x64806480u), both(1024 + 128));
#else
    return __hsub2(asNumbers(maskOr<0x007f007fu>(codes, 0x43004300u)),
        asNumbers(maskOr<0x00800080u>(codes, 0x43004300u)));
#endif
  } else {
    constexpr int SHIFT = OPERANDS_E4M3 ? 7 : 4;
    unsigned bits = (codes & 0x007f007fu) << SHIFT | (codes & 0x00800080u) << 8;
    return __hmul2(asNumbers(bits), both(OPERANDS_E4M3 ? 0x1p8f : 0x1p120f));
  }
}

__device__ inline float tableValue(unsigned code) {
  if (CODE_TYPE == E2M1) {
    float magnitude = __uint_as_float((code & 7) << 22) * 0x1p126f;
    return code & 8 ? -magnitude : magnitude;
  }
  // The 16 levels of ggml's IQ4_NL, as signed bytes.
  unsigned level = code & 8 ? __byte_perm(0x26190D01u, 0x71594535u, code & 7)
                            : __byte_perm(0xBFAD9881u, 0xF6EADDCFu, code);
  return (signed char)level;
}

// Fills the table in shared memory by all threads of the block. There is a copy for each bank, which a lane
// reads without conflicts.
__device__ inline void fillTable(unsigned* table) {
  if constexpr (HAS_TABLE) {
    for (int i = threadIdx.x; i < 256 * 32; i += blockDim.x) {
      unsigned codes = i / 32;
      table[i] = asBits(pairOf(tableValue(codes & 15), tableValue(codes >> 4)));
    }
  }
}

// The scales and offsets of a thread's two outputs in a group: pairs of a scale and an offset.
struct GroupScales {
  Number2 pairs[2];

  __device__ void load(const unsigned char* tile, int group, int thread) {
    const unsigned* groups = reinterpret_cast<const unsigned*>(tile + CODES_BYTES);
    uint2 own = *reinterpret_cast<const uint2*>(
        groups + group * TILE_OUTPUTS + outputOfThread(thread));
    pairs[0] = asNumbers(own.x);
    pairs[1] = asNumbers(own.y);
  }

  // Scaled numbers, rounded once. Scales and offsets themselves are rounded too.
  __device__ Number2 apply(Number2 numbers, int output) const {
#if OPERANDS_E4M3
    return __hfma2(numbers, __low2half2(pairs[output]), __high2half2(pairs[output]));
#else
    return __hfma2(numbers, __low2bfloat162(pairs[output]), __high2bfloat162(pairs[output]));
#endif
  }
};

// Four numbers, rounded to 8 bits and saturated. Volatile, so that it is not moved between MMAs.
__device__ inline unsigned toE4m3(Number2 first, Number2 second) {
  unsigned bits;
  asm volatile("{\n.reg .b16 first, second;\n"
               "cvt.rn.satfinite.e4m3x2.f16x2 first, %1;\n"
               "cvt.rn.satfinite.e4m3x2.f16x2 second, %2;\n"
               "mov.b32 %0, {first, second};\n}"
               : "=r"(bits)
               : "r"(asBits(first)), "r"(asBits(second)));
  return bits;
}

// A thread's left operand of an MMA.
__device__ inline void unpackMma(
    const unsigned* words, const unsigned* table, const GroupScales& scales, unsigned (&left)[4]) {
#if OPERANDS_E4M3
#pragma unroll
  for (int i = 0; i < 4; i++) {
    Number2 numbers[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int pair = 2 * i + half;
      numbers[half] = scales.apply(
          numbersOf(words[pair / WORD_PAIRS], pair % WORD_PAIRS, table), outputOfPair(pair));
    }
    left[i] = toE4m3(numbers[0], numbers[1]);
  }
#else
#pragma unroll
  for (int pair = 0; pair < 4; pair++) {
    Number2 numbers = numbersOf(words[pair / WORD_PAIRS], pair % WORD_PAIRS, table);
    left[pair] = asBits(scales.apply(numbers, outputOfPair(pair)));
  }
#endif
}
