// ggml's element encodings to bf16. The decoders of model.weights in Java document the layouts and
// compute the same; each struct gives a block's elements and bytes, and the value of an element.
//
// dequantize_TYPE(u8 source[bytes of rows], bf16 target[rows][columns], i32 rows, i32 columns,
//     i32 interleavedHeadSize)
//     TYPE: f32 f16 bf16 q4_0 q4_1 q5_0 q5_1 q8_0 q4_k q5_k q6_k mxfp4
//     interleavedHeadSize: 0, or the head size if the file's rows are in the order of interleaved rotary
//     embedding (RowOrder.interleavedPairs in Java); rows are then whole heads
//     grid ceil(rows * ceil(columns / 8) / 256), block 256
#include "common.cuh"

using Bytes = const unsigned char*;

__device__ inline float halfAt(Bytes bytes) {
  return __half2float(__ushort_as_half((unsigned short)(bytes[0] | bytes[1] << 8)));
}

// Element i of 32 in 16 bytes: element i in a low half, i + 16 in the high half of the same byte.
__device__ inline int nibble(Bytes bytes, int i) {
  return i < 16 ? bytes[i] & 15 : bytes[i - 16] >> 4;
}

// Bit i of 32.
__device__ inline int bitAt(Bytes bytes, int i) {
  return bytes[i / 8] >> (i % 8) & 1;
}

struct F32 {
  static constexpr int ELEMENTS = 1, BYTES = 4;
  static __device__ float value(Bytes b, int) {
    return __uint_as_float(b[0] | b[1] << 8 | b[2] << 16 | (unsigned)b[3] << 24);
  }
};

struct F16 {
  static constexpr int ELEMENTS = 1, BYTES = 2;
  static __device__ float value(Bytes b, int) { return halfAt(b); }
};

struct Bf16 {
  static constexpr int ELEMENTS = 1, BYTES = 2;
  static __device__ float value(Bytes b, int) {
    return __uint_as_float(b[0] << 16 | (unsigned)b[1] << 24);
  }
};

struct Q4Type0 {
  static constexpr int ELEMENTS = 32, BYTES = 18;
  static __device__ float value(Bytes b, int i) { return halfAt(b) * (nibble(b + 2, i) - 8); }
};

struct Q4Type1 {
  static constexpr int ELEMENTS = 32, BYTES = 20;
  static __device__ float value(Bytes b, int i) {
    return halfAt(b) * nibble(b + 4, i) + halfAt(b + 2);
  }
};

struct Q5Type0 {
  static constexpr int ELEMENTS = 32, BYTES = 22;
  static __device__ float value(Bytes b, int i) {
    return halfAt(b) * ((nibble(b + 6, i) | bitAt(b + 2, i) << 4) - 16);
  }
};

struct Q5Type1 {
  static constexpr int ELEMENTS = 32, BYTES = 24;
  static __device__ float value(Bytes b, int i) {
    return halfAt(b) * (nibble(b + 8, i) | bitAt(b + 4, i) << 4) + halfAt(b + 2);
  }
};

struct Q8Type0 {
  static constexpr int ELEMENTS = 32, BYTES = 34;
  static __device__ float value(Bytes b, int i) { return halfAt(b) * (signed char)b[2 + i]; }
};

// The 6-bit scales and minimums of eight sub-blocks in 12 bytes.
__device__ inline int subScale(Bytes b, int s) {
  return s < 4 ? b[s] & 63 : (b[s + 4] & 15) | (b[s - 4] >> 2 & 48);
}

__device__ inline int subMinimum(Bytes b, int s) {
  return s < 4 ? b[s + 4] & 63 : b[s + 4] >> 4 | (b[s] >> 2 & 48);
}

struct Q4K {
  static constexpr int ELEMENTS = 256, BYTES = 144;
  static __device__ float value(Bytes b, int i) {
    int s = i / 32;
    int q = b[16 + s / 2 * 32 + i % 32] >> (s % 2 * 4) & 15;
    return halfAt(b) * subScale(b + 4, s) * q - halfAt(b + 2) * subMinimum(b + 4, s);
  }
};

struct Q5K {
  static constexpr int ELEMENTS = 256, BYTES = 176;
  static __device__ float value(Bytes b, int i) {
    int s = i / 32;
    int q = (b[48 + s / 2 * 32 + i % 32] >> (s % 2 * 4) & 15) | (b[16 + i % 32] >> s & 1) << 4;
    return halfAt(b) * subScale(b + 4, s) * q - halfAt(b + 2) * subMinimum(b + 4, s);
  }
};

struct Q6K {
  static constexpr int ELEMENTS = 256, BYTES = 210;
  static __device__ float value(Bytes b, int i) {
    int group = i / 32;
    int half = group / 4;
    int low = b[half * 64 + group % 2 * 32 + i % 32] >> (group % 4 / 2 * 4) & 15;
    int upper = b[128 + half * 32 + i % 32] >> (group % 4 * 2) & 3;
    return halfAt(b + 208) * (signed char)b[192 + i / 16] * ((low | upper << 4) - 32);
  }
};

// e2m1 with a power of two, whose exponent bias is 127.
struct Mxfp4 {
  static constexpr int ELEMENTS = 32, BYTES = 17;
  static __device__ float value(Bytes b, int i) {
    int code = nibble(b + 1, i);
    int exponent = code >> 1 & 3;
    int fraction = code & 1;
    float magnitude = exponent == 0 ? 0.5f * fraction : ldexpf(1 + 0.5f * fraction, exponent - 1);
    float scaled = b[0] == 255 ? __uint_as_float(0x7FC00000u) : ldexpf(magnitude, b[0] - 127);
    return code & 8 ? -scaled : scaled;
  }
};

// The file's row for `row`: in interleaved order, the two elements of a rotated pair are neighbours.
__device__ inline long long storedRow(int row, int interleavedHeadSize) {
  if (interleavedHeadSize == 0) {
    return row;
  }
  int pairs = interleavedHeadSize / 2;
  int rowInHead = row % interleavedHeadSize;
  return row - rowInHead + 2 * (rowInHead % pairs) + rowInHead / pairs;
}

template <typename Type>
__device__ inline void dequantize(
    Bytes source, bf16* target, int rows, int columns, int interleavedHeadSize) {
  int groups = (columns + 7) / 8;
  long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= (long long)rows * groups) {
    return;
  }
  int row = (int)(index / groups);
  int column = (int)(index % groups) * 8;
  Bytes stored =
      source + storedRow(row, interleavedHeadSize) * (columns / Type::ELEMENTS) * Type::BYTES;
  float x[8];
#pragma unroll
  for (int i = 0; i < 8; i++) {
    int element = min(column + i, columns - 1);
    x[i] = Type::value(stored + (long long)(element / Type::ELEMENTS) * Type::BYTES,
        element % Type::ELEMENTS);
  }
  bf16* to = target + (long long)row * columns + column;
  if (columns % 8 == 0) {
    store(to, x);
  } else {
    for (int i = 0; i < min(8, columns - column); i++) {
      to[i] = __float2bfloat16_rn(x[i]);
    }
  }
}

#define DEQUANTIZE(name, type)                                                                   \
  extern "C" __global__ void __launch_bounds__(256) dequantize_##name(                            \
      Bytes source, bf16* target, int rows, int columns, int interleavedHeadSize) {               \
    awaitStream();                                                                                \
    dequantize<type>(source, target, rows, columns, interleavedHeadSize);                         \
  }

DEQUANTIZE(f32, F32)
DEQUANTIZE(f16, F16)
DEQUANTIZE(bf16, Bf16)
DEQUANTIZE(q4_0, Q4Type0)
DEQUANTIZE(q4_1, Q4Type1)
DEQUANTIZE(q5_0, Q5Type0)
DEQUANTIZE(q5_1, Q5Type1)
DEQUANTIZE(q8_0, Q8Type0)
DEQUANTIZE(q4_k, Q4K)
DEQUANTIZE(q5_k, Q5K)
DEQUANTIZE(q6_k, Q6K)
DEQUANTIZE(mxfp4, Mxfp4)
