// What the attention kernels share: the pieces that the host plans, asynchronous copies, and the
// output of results. Needs HEAD_SIZE, QUERY_GROUP, BLOCK_SIZE, KV_FP8, SOFT_CAP and SINKS.
#pragma once

#include "common.cuh"

constexpr int GROUP = QUERY_GROUP;
constexpr int STRIDE = roundUp(HEAD_SIZE, 16);
constexpr float LOG2_E = 1.4426950408889634f;

static_assert((BLOCK_SIZE & (BLOCK_SIZE - 1)) == 0, "blocks are a power of two");

#if KV_FP8
using Cached = e4m3;
#else
using Cached = bf16;
#endif

// Some query tokens against a range of a context: AttentionPiece in Java, described in attention.cu.
struct Piece {
  int firstRow;
  int rowCount;
  int blockTable;
  int begin;
  int end;
  int unmaskedBegin;
  int unmaskedEnd;
  int firstPartial;
};

// Copies 16 bytes asynchronously, or clears them if `bytes` is 0.
__device__ inline void copyChunk(unsigned target, const void* source, int bytes) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(target), "l"(source), "r"(bytes));
}

__device__ inline void copyWord(unsigned target, const void* source, int bytes) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(target), "l"(source), "r"(bytes));
}

__device__ inline void commitCopies() {
  asm volatile("cp.async.commit_group;");
}

template <int PENDING> __device__ inline void awaitCopies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
}

#if KV_FP8
#if __CUDA_ARCH__ >= 890
// The factor by which widened numbers are too small.
constexpr float BIAS_FACTOR = 1;

// The two e4m3 of the lower and of the upper half of a word to two f16 each.
__device__ inline void widen(unsigned word, unsigned& lower, unsigned& upper) {
  asm("{\n.reg .b16 low, high;\nmov.b32 {low, high}, %2;\n"
      "cvt.rn.f16x2.e4m3x2 %0, low;\ncvt.rn.f16x2.e4m3x2 %1, high;\n}"
      : "=r"(lower), "=r"(upper)
      : "r"(word));
}
#else
// The bits moved to those of an f16 give numbers that are too small by the difference of the
// exponents' biases; this includes subnormals.
constexpr float BIAS_FACTOR = 256;

__device__ inline unsigned widenUpperBytes(unsigned halves) {
  return (halves & 0x80008000u) | (halves >> 1 & 0x3f803f80u);
}

__device__ inline void widen(unsigned word, unsigned& lower, unsigned& upper) {
  lower = widenUpperBytes(__byte_perm(word, 0, 0x1404));
  upper = widenUpperBytes(__byte_perm(word, 0, 0x3424));
}
#endif

// Weights are multiplied by this and by their tokens' scales before they are rounded to f16, since
// small scales alone would make them subnormal.
constexpr float WEIGHT_BOOST = 256;

// Corrects weighted sums of widened values.
constexpr float OUTPUT_FACTOR = BIAS_FACTOR / WEIGHT_BOOST;
#else
constexpr float OUTPUT_FACTOR = 1;
#endif

// Two numbers as operands of matrix instructions.
__device__ inline unsigned pack(float low, float high) {
#if KV_FP8
  half2 pair = __floats2half2_rn(low, high);
#else
  __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
#endif
  return *reinterpret_cast<unsigned*>(&pair);
}

__device__ inline float power2(float x) {
  float result;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

// How scores become exponents to base 2.
struct Scoring {
  // Factor of scores, once they are capped.
  float factor;
#if SOFT_CAP
  // Factor of scores before they are capped: 2 * scale / softCap, times log2(e).
  float inner;
#endif

  __device__ Scoring(float scale, float softCap) {
#if SOFT_CAP
    factor = softCap * LOG2_E;
    inner = 2 * scale / softCap * LOG2_E;
#else
    factor = scale * LOG2_E;
#endif
  }

  // The hyperbolic tangent of score * scale / softCap, by exponentials: 1 - 2 / (exp(2x) + 1). Its
  // absolute error is that of f32, unlike that of the instruction for it. Keeps NaN.
  __device__ void cap(float& score) const {
#if SOFT_CAP
    score = 1 - __fdividef(2, power2(score * inner) + 1);
#endif
  }
};

// A sum of exponentials that are relative to 2^base, with that of a head's sink.
__device__ inline float withSink(float sum, const float* sinks, int head, float base) {
#if SINKS
  return sum + power2(sinks[head] * LOG2_E - base);
#else
  return sum;
#endif
}

// The output of a row's result.
struct Target {
  const Piece& piece;
  bf16* output;
  float* partials;
  float* partialLogSums;
  const float* sinks;
  int head;
  int heads;

  __device__ bool has(int row) const { return row / GROUP < piece.rowCount; }
  __device__ bool isPartial() const { return piece.firstPartial >= 0; }

  // The sum of a row, relative to 2^base, with the sink of its head. A partial result is without it:
  // merge_attention adds it once.
  __device__ float withSink(float sum, int row, float base) const {
    return isPartial() ? sum : ::withSink(sum, sinks, head * GROUP + row % GROUP, base);
  }

  // The index of a row of the tile, whose query token is `token`.
  __device__ long long rowIndex(int row, int token) const {
    long long first = isPartial() ? piece.firstPartial + row / GROUP : token;
    return first * heads + head * GROUP + row % GROUP;
  }

  // Stores elements `element` and `element + 1` of a row; `element` is even, and so is HEAD_SIZE.
  __device__ void store(long long index, int element, float low, float high) const {
    if (element >= HEAD_SIZE) {
      return;
    }
    long long place = index * HEAD_SIZE + element;
    if (isPartial()) {
      *reinterpret_cast<float2*>(partials + place) = make_float2(low, high);
    } else {
      *reinterpret_cast<__nv_bfloat162*>(output + place) = __floats2bfloat162_rn(low, high);
    }
  }

  __device__ void storeLogSum(long long index, float logSum) const {
    if (isPartial()) {
      partialLogSums[index] = logSum;
    }
  }
};
