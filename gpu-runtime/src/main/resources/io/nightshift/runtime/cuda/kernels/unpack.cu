// Packed weights to what GEMMs read: bf16, or e4m3 with a power of two for each output channel. An element
// is (code's value * scales[row][group] + offsets[row][group]) * rowScales[row], as QuantizedTensor in
// Java has it; offsets and rowScales may be null, which stand for zeros and ones.
//
// Codes are row-major, and a row is padded to a multiple of 16 bytes. Of two 4-bit codes in a byte, the
// first is in the lower half. A column belongs to group columnGroups[column], or to column / groupSize if
// columnGroups is null.
//
// unpack_TYPE_bf16(u8 codes[rows][bytes], f16 scales[rows][groups], f16 offsets[rows][groups],
//     f32 rowScales[rows], i32 columnGroups[columns], bf16 target[rows][columns], i32 rows, i32 columns,
//     i32 groups, i32 groupSize)
// unpack_TYPE_e4m3(..., e4m3 target[rows][columns], e8m0 channelScales[rows], i32 rows, ...)
//     the e4m3 numbers that quantize_channels makes of the bf16 ones
//     TYPE: uint4 e2m1 iq4 int8 e4m3
//     grid (ceil(rows / 8), chunks), block: threads of 8 columns each, which with `chunks` cover a row
// channel_scales_TYPE(codes, scales, offsets, rowScales, columnGroups, e8m0 channelScales[rows], i32 rows,
//     i32 columns, i32 groups, i32 groupSize)
//     the scales that quantize_channels gives to the bf16 numbers
//     grid rows, block 256
#include "channel_scale.cuh"

constexpr int VECTOR = 8;
constexpr int ROWS_OF_BLOCK = 8;

using f16 = __half;

// Byte `Index` of a word, 128 more than a signed byte, as a signed number. The byte becomes the last bits
// of the fraction of 2^23.
template <int Index> __device__ inline float signedByte(unsigned biased) {
  return __uint_as_float(__byte_perm(biased, 0x4B000000u, 0x7650u | Index)) - 8388736.0f;
}

__device__ inline void signedBytes(unsigned bytes, float* x) {
  unsigned biased = bytes ^ 0x80808080u;
  x[0] = signedByte<0>(biased);
  x[1] = signedByte<1>(biased);
  x[2] = signedByte<2>(biased);
  x[3] = signedByte<3>(biased);
}

// Each type has the bits of a code, and decodes a vector of them.
struct Uint4 {
  static constexpr int BITS = 4;
  static __device__ void values(unsigned codes, float (&x)[VECTOR]) {
#pragma unroll
    for (int i = 0; i < VECTOR; i++) {
      x[i] = __uint_as_float(0x4B000000u | (codes >> 4 * i & 15)) - 8388608.0f;
    }
  }
};

// The three lower bits are the exponent and the fraction of a float, whose bias the factor corrects; also
// that of the subnormal 0.5.
struct E2m1 {
  static constexpr int BITS = 4;
  static __device__ void values(unsigned codes, float (&x)[VECTOR]) {
#pragma unroll
    for (int i = 0; i < VECTOR; i++) {
      unsigned code = codes >> 4 * i;
      x[i] = __uint_as_float((code & 7) << 22 | (code & 8) << 28) * 0x1p126f;
    }
  }
};

// The 16 levels of ggml's IQ4_NL and IQ4_XS, four to a word.
struct Iq4 {
  static constexpr int BITS = 4;
  // Four codes to the bytes of a word. __byte_perm takes three bits of each: the fourth one chooses
  // between the lower and the upper levels.
  static __device__ unsigned levels(unsigned codes) {
    unsigned lower = __byte_perm(0xBFAD9881u, 0xF6EADDCFu, codes & 0x7777u);
    unsigned upper = __byte_perm(0x26190D01u, 0x71594535u, codes & 0x7777u);
    return __byte_perm(lower, upper, (codes & 0x8888u) >> 1 | 0x3210u);
  }
  static __device__ void values(unsigned codes, float (&x)[VECTOR]) {
    signedBytes(levels(codes), x);
    signedBytes(levels(codes >> 16), x + 4);
  }
};

struct Int8 {
  static constexpr int BITS = 8;
  static __device__ void values(uint2 codes, float (&x)[VECTOR]) {
    signedBytes(codes.x, x);
    signedBytes(codes.y, x + 4);
  }
};

struct E4m3 {
  static constexpr int BITS = 8;
  static __device__ float value(unsigned code) {
    unsigned magnitude = code & 0x7F;
    float value = __uint_as_float(magnitude << 20 | (code & 0x80) << 24) * 0x1p120f;
    return magnitude == 0x7F ? CUDART_NAN_F : value;
  }
  static __device__ void values(uint2 codes, float (&x)[VECTOR]) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      x[i] = value(codes.x >> 8 * i);
      x[i + 4] = value(codes.y >> 8 * i);
    }
  }
};

template <int BITS> struct CodeWord { using type = unsigned; };
template <> struct CodeWord<8> { using type = uint2; };

struct Groups {
  const f16* scales;
  const f16* offsets;
  const float* rowScales;
  const int* columnGroups;
  int columns;
  int groups;
  int groupSize;
};

// A row's codes of a vector of columns.
template <typename Type> using CodeVector = typename CodeWord<Type::BITS>::type;

template <typename Type>
__device__ inline CodeVector<Type> codesAt(
    const unsigned char* codes, int columns, long long row, int column) {
  int bytes = roundUp((columns * (Type::BITS / 4) + 1) / 2, 16);
  return *reinterpret_cast<const CodeVector<Type>*>(codes + row * bytes + column * Type::BITS / 8);
}

__device__ inline float number(float value, float scale, float offset, float rowScale) {
  return __bfloat162float(__float2bfloat16_rn(fmaf(value, scale, offset) * rowScale));
}

__device__ inline float rowScaleOf(const Groups& groups, long long row) {
  return groups.rowScales == nullptr ? 1 : groups.rowScales[row];
}

// Whether each vector is part of one group.
__device__ inline bool hasWholeVectors(const Groups& groups) {
  return groups.columnGroups == nullptr && groups.groupSize % VECTOR == 0;
}

// The numbers of a vector of columns, rounded to bf16, whatever groups the columns belong to.
template <typename Type>
__device__ inline void numbers(
    const Groups& groups, long long row, int column, CodeVector<Type> word, float (&x)[VECTOR]) {
  Type::values(word, x);
  float rowScale = rowScaleOf(groups, row);
#pragma unroll
  for (int i = 0; i < VECTOR; i++) {
    int one = min(column + i, groups.columns - 1);
    int group = groups.columnGroups == nullptr ? one / groups.groupSize : groups.columnGroups[one];
    long long at = row * groups.groups + group;
    float offset = groups.offsets == nullptr ? 0 : __half2float(groups.offsets[at]);
    x[i] = number(x[i], __half2float(groups.scales[at]), offset, rowScale);
  }
}

__device__ inline void storeElement(bf16* target, float number, float) {
  *target = __float2bfloat16_rn(number);
}

__device__ inline void storeElement(e4m3* target, float number, float factor) {
  *target = __nv_cvt_float_to_fp8(number * factor, __NV_SATFINITE, __NV_E4M3);
}

__device__ inline void storeVector(bf16* target, const float (&x)[VECTOR], float) { store(target, x); }

__device__ inline void storeVector(e4m3* target, const float (&x)[VECTOR], float factor) {
  store(target, x, factor);
}

// Stores a vector, or what a row of `columns` has of it.
template <typename Target>
__device__ inline void storeColumns(
    Target* row, int columns, int column, const float (&x)[VECTOR], float factor) {
  if (columns % VECTOR == 0) {
    storeVector(row + column, x, factor);
    return;
  }
#pragma unroll
  for (int i = 0; i < VECTOR; i++) {
    if (column + i < columns) {
      storeElement(row + column + i, x[i], factor);
    }
  }
}

// A thread has the same columns of some rows. Where these are part of a group, it first loads all that it
// reads.
template <typename Type, typename Target>
__device__ inline void unpack(const unsigned char* codes, const Groups& groups, Target* target,
    const e8m0* channelScales, int rows) {
  int columns = groups.columns;
  int column = (blockIdx.y * blockDim.x + threadIdx.x) * VECTOR;
  if (column >= columns) {
    return;
  }
  int first = blockIdx.x * ROWS_OF_BLOCK;
  if (!hasWholeVectors(groups)) {
#pragma unroll 1
    for (long long row = first; row < min(first + ROWS_OF_BLOCK, rows); row++) {
      float x[VECTOR];
      numbers<Type>(groups, row, column, codesAt<Type>(codes, columns, row, column), x);
      float factor = channelScales == nullptr ? 1 : channelFactor(channelScales[row]);
      storeColumns(target + row * columns, columns, column, x, factor);
    }
    return;
  }
  int group = column / groups.groupSize;
  CodeVector<Type> words[ROWS_OF_BLOCK];
  f16 scales[ROWS_OF_BLOCK];
  f16 offsets[ROWS_OF_BLOCK];
  float rowScales[ROWS_OF_BLOCK];
  float factors[ROWS_OF_BLOCK];
#pragma unroll
  for (int i = 0; i < ROWS_OF_BLOCK; i++) {
    long long row = min(first + i, rows - 1);
    words[i] = codesAt<Type>(codes, columns, row, column);
    scales[i] = groups.scales[row * groups.groups + group];
    offsets[i] = groups.offsets == nullptr ? f16(0) : groups.offsets[row * groups.groups + group];
    rowScales[i] = rowScaleOf(groups, row);
    factors[i] = channelScales == nullptr ? 1 : channelFactor(channelScales[row]);
  }
#pragma unroll
  for (int i = 0; i < ROWS_OF_BLOCK; i++) {
    long long row = first + i;
    if (row < rows) {
      float x[VECTOR];
      Type::values(words[i], x);
      float scale = __half2float(scales[i]);
      float offset = __half2float(offsets[i]);
#pragma unroll
      for (int e = 0; e < VECTOR; e++) {
        x[e] = number(x[e], scale, offset, rowScales[i]);
      }
      storeColumns(target + row * columns, columns, column, x, factors[i]);
    }
  }
}

template <typename Type>
__device__ inline void channelScale(
    const unsigned char* codes, const Groups& groups, e8m0* channelScales) {
  long long row = blockIdx.x;
  float largest = 0;
  for (int column = threadIdx.x * VECTOR; column < groups.columns; column += blockDim.x * VECTOR) {
    float x[VECTOR];
    numbers<Type>(groups, row, column, codesAt<Type>(codes, groups.columns, row, column), x);
#pragma unroll
    for (int i = 0; i < VECTOR; i++) {
      largest = column + i < groups.columns ? maxOrNan(largest, fabsf(x[i])) : largest;
    }
  }
  largest = reduceBlock(largest, MaxOrNan());
  if (threadIdx.x == 0) {
    channelScales[row] = powerOfTwoScale(largest);
  }
}

#define UNPACK(name, type)                                                                        \
  extern "C" __global__ void __launch_bounds__(256) unpack_##name##_bf16(                         \
      const unsigned char* codes, const f16* scales, const f16* offsets, const float* rowScales,  \
      const int* columnGroups, bf16* target, int rows, int columns, int groups, int groupSize) {  \
    awaitStream();                                                                                \
    unpack<type, bf16>(codes,                                                                     \
        {scales, offsets, rowScales, columnGroups, columns, groups, groupSize}, target, nullptr,  \
        rows);                                                                                    \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(256) unpack_##name##_e4m3(                         \
      const unsigned char* codes, const f16* scales, const f16* offsets, const float* rowScales,  \
      const int* columnGroups, e4m3* target, const e8m0* channelScales, int rows, int columns,    \
      int groups, int groupSize) {                                                                \
    awaitStream();                                                                                \
    unpack<type, e4m3>(codes,                                                                     \
        {scales, offsets, rowScales, columnGroups, columns, groups, groupSize}, target,           \
        channelScales, rows);                                                                     \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(256) channel_scales_##name(                        \
      const unsigned char* codes, const f16* scales, const f16* offsets, const float* rowScales,  \
      const int* columnGroups, e8m0* channelScales, int rows, int columns, int groups,            \
      int groupSize) {                                                                            \
    awaitStream();                                                                                \
    channelScale<type>(codes,                                                                     \
        {scales, offsets, rowScales, columnGroups, columns, groups, groupSize}, channelScales);   \
  }

UNPACK(uint4, Uint4)
UNPACK(e2m1, E2m1)
UNPACK(iq4, Iq4)
UNPACK(int8, Int8)
UNPACK(e4m3, E4m3)
