// What all kernels share: types, vectors of bf16, 8-bit floats, reductions of a block.
//
// Conventions of the sources. Each .cu file is one NVRTC program; the headers beside it are passed to
// the compiler by name. Programs need --std=c++17, the include paths of CUDA and of libcu++, and the
// definitions that each names. Kernels take plain pointers and ints. A pointer may be null only if the
// documentation of the kernel says so. Matrices are row-major and dense; pointers are 16-byte aligned.
// u8, i32, i64, u32 and f32 are integers and floats of so many bits, bf16 is bfloat16, e4m3 an 8-bit
// float (FN: no infinity, largest 448), e8m0 a power of two in 8 bits (its exponent plus 127).
//
// Quantized activations have an f32 scale for each row (token), quantized weights an e8m0 scale for each
// output channel: the value is scale * e4m3. A GEMM of e4m3 leaves unscaled sums in bf16. The kernel
// that reads them computes rowScales[row] * channelScales[column] * sum. If channelScales is null, the
// sums need no scaling, and rowScales is not read.
//
// Launches overlap (programmatic dependent launch), so every kernel begins with awaitStream(), which
// waits for the work before it in the stream.
//
// Kernels of rows have a block for each row, with rowThreads(columns) threads: the row's vectors of 8,
// 4, 2 or 1 elements (the most that divide it) are dealt evenly to at most 256 threads, in whole warps.
//
// The head stride is HEAD_SIZE rounded up to a multiple of 16, with zeros in between. The KV cache is
// [layer][2: keys, values][block][KV head][slot in block][headStride] of bf16, or of e4m3 with KV_FP8;
// scales are then a second array [layer][2][block][KV head][slot in block] of f32. A plane is the keys
// or the values of a layer. BLOCK_SIZE is a power of two, at least 4. A slot is block * BLOCK_SIZE +
// slot in block.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#include <math_constants.h>

using bf16 = __nv_bfloat16;
using e4m3 = unsigned char;
// A power of two as its exponent, with 127 added: that of an f32 (OCP Microscaling Formats, 2023).
using e8m0 = unsigned char;

// Every kernel begins with this. Launches overlap (programmatic dependent launch): the blocks of a
// kernel start while the last ones of the kernel before are running, and wait here until that kernel
// has ended and its writes are visible.
__device__ inline void awaitStream() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

__device__ inline unsigned sharedAddress(const void* pointer) {
  return (unsigned)__cvta_generic_to_shared(pointer);
}

constexpr float E4M3_LARGEST = 448.0f;
constexpr unsigned FULL_WARP = 0xffffffffu;

// Elements of one access: the most that divide a row of `size`, and at most 8 (16 bytes of bf16).
__device__ constexpr int vectorWidth(int size) {
  return size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
}

__device__ constexpr int roundUp(int value, int unit) {
  return (value + unit - 1) / unit * unit;
}

#ifndef MOST_ROW_THREADS
#define MOST_ROW_THREADS 256
#endif

// The geometry of kernels with a block for each row, as RowLaunch in Java computes it. A thread keeps
// `vectorsPerThread` vectors of the row in registers, so that a row is read once.
__device__ constexpr int vectorsPerThread(int columns) {
  return (columns / vectorWidth(columns) + MOST_ROW_THREADS - 1) / MOST_ROW_THREADS;
}

__device__ constexpr int rowThreads(int columns) {
  int vectors = columns / vectorWidth(columns);
  int each = vectorsPerThread(columns);
  return roundUp((vectors + each - 1) / each, 32);
}

// Calls body(v, element) for each of this thread's vectors of the row; `element` is its first element.
template <int SIZE, typename Body> __device__ inline void forVectors(Body body) {
  constexpr int STEP = rowThreads(SIZE) * vectorWidth(SIZE);
#pragma unroll
  for (int v = 0; v < vectorsPerThread(SIZE); v++) {
    int element = threadIdx.x * vectorWidth(SIZE) + v * STEP;
    if (STEP * vectorsPerThread(SIZE) == SIZE || element < SIZE) {
      body(v, element);
    }
  }
}

template <int BYTES> struct Word;
template <> struct Word<16> { using type = uint4; };
template <> struct Word<8> { using type = uint2; };
template <> struct Word<4> { using type = unsigned; };
template <> struct Word<2> { using type = unsigned short; };
template <> struct Word<1> { using type = unsigned char; };

// N elements, which are loaded and stored in one access if they have at most 16 bytes.
template <typename T, int N> struct alignas(sizeof(T) * N > 16 ? 16 : sizeof(T) * N) Pack {
  T element[N];
};

template <int N> __device__ inline void load(const bf16* source, float (&x)[N]) {
  using Bits = typename Word<N * 2>::type;
  Pack<bf16, N> pack;
  *reinterpret_cast<Bits*>(&pack) = *reinterpret_cast<const Bits*>(source);
#pragma unroll
  for (int i = 0; i < N; i++) {
    x[i] = __bfloat162float(pack.element[i]);
  }
}

template <int N> __device__ inline void load(const float* source, float (&x)[N]) {
  Pack<float, N> pack = *reinterpret_cast<const Pack<float, N>*>(source);
#pragma unroll
  for (int i = 0; i < N; i++) {
    x[i] = pack.element[i];
  }
}

// Loads sums of an 8-bit GEMM, and multiplies them by the scale of their row and those of their channels.
// A power of two is a bf16, and multiplying a bf16 by one is exact.
template <int N>
__device__ inline void loadSums(
    const bf16* sums, float rowScale, const e8m0* channelScales, float (&x)[N]) {
  using Bits = typename Word<N * 2>::type;
  using Exponents = typename Word<N>::type;
  Pack<bf16, N> values;
  Pack<unsigned short, N> scales;
  Pack<e8m0, N> exponents;
  *reinterpret_cast<Bits*>(&values) = *reinterpret_cast<const Bits*>(sums);
  *reinterpret_cast<Exponents*>(&exponents) = *reinterpret_cast<const Exponents*>(channelScales);
#pragma unroll
  for (int i = 0; i < N; i++) {
    scales.element[i] = (unsigned short)(exponents.element[i] << 7);
  }
#pragma unroll
  for (int i = 0; i + 1 < N; i += 2) {
    float2 pair = __bfloat1622float2(__hmul2(*reinterpret_cast<__nv_bfloat162*>(values.element + i),
        *reinterpret_cast<__nv_bfloat162*>(scales.element + i)));
    x[i] = pair.x * rowScale;
    x[i + 1] = pair.y * rowScale;
  }
  if (N % 2 == 1) {
    x[N - 1] = __bfloat162float(values.element[N - 1]) * rowScale *
        __uint_as_float((unsigned)exponents.element[N - 1] << 23);
  }
}

template <int N> __device__ inline void store(bf16* target, const float (&x)[N]) {
  using Bits = typename Word<N * 2>::type;
  Pack<bf16, N> pack;
#pragma unroll
  for (int i = 0; i < N; i++) {
    pack.element[i] = __float2bfloat16_rn(x[i]);
  }
  *reinterpret_cast<Bits*>(target) = *reinterpret_cast<Bits*>(&pack);
}

// Stores x * factor, rounded to 8 bits and saturated to the largest number.
template <int N> __device__ inline void store(e4m3* target, const float (&x)[N], float factor) {
  using Bits = typename Word<N>::type;
  Pack<e4m3, N> pack;
#pragma unroll
  for (int i = 0; i + 1 < N; i += 2) {
    __nv_fp8x2_storage_t pair = __nv_cvt_float2_to_fp8x2(
        make_float2(x[i] * factor, x[i + 1] * factor), __NV_SATFINITE, __NV_E4M3);
    pack.element[i] = (e4m3)pair;
    pack.element[i + 1] = (e4m3)(pair >> 8);
  }
  if (N % 2 == 1) {
    pack.element[N - 1] =
        __nv_cvt_float_to_fp8(x[N - 1] * factor, __NV_SATFINITE, __NV_E4M3);
  }
  *reinterpret_cast<Bits*>(target) = *reinterpret_cast<Bits*>(&pack);
}

// The larger one, or NaN if one of them is NaN: a row with a NaN gets the scale NaN, which shows it.
__device__ inline float maxOrNan(float a, float b) {
  float result;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
  return result;
}

// The factor before rounding to 8 bits, if `largest` is the largest magnitude. A factor for a smaller
// magnitude than LEAST_QUANTIZED would be infinite, and turn zeros into NaN.
constexpr float LEAST_QUANTIZED = 1.5e-36f;

__device__ inline float quantizationFactor(float largest) {
  return largest < LEAST_QUANTIZED ? 0 : E4M3_LARGEST / largest;
}

struct Sum {
  template <typename T> __device__ T operator()(T a, T b) const { return a + b; }
};

struct MaxOrNan {
  __device__ float operator()(float a, float b) const { return maxOrNan(a, b); }
};

// Combines the values of `lanes` neighbouring lanes, a power of two; all of them get the result.
template <typename T, typename Operation>
__device__ inline T reduceLanes(T value, int lanes, Operation operation) {
  for (int distance = lanes / 2; distance > 0; distance /= 2) {
    value = operation(value, __shfl_xor_sync(FULL_WARP, value, distance));
  }
  return value;
}

// Combines the values of all threads of a block in a fixed order; all of them get the result.
template <typename T, typename Operation>
__device__ inline T reduceBlock(T value, Operation operation) {
  __shared__ T partial[32];
  value = reduceLanes(value, 32, operation);
  int warps = blockDim.x / 32;
  __syncthreads();
  if (threadIdx.x % 32 == 0) {
    partial[threadIdx.x / 32] = value;
  }
  __syncthreads();
  T result = partial[0];
  for (int warp = 1; warp < warps; warp++) {
    result = operation(result, partial[warp]);
  }
  return result;
}

template <int SIZE>
using RowVectors = float[vectorsPerThread(SIZE)][vectorWidth(SIZE)];

// The largest magnitude in the block's row; NaN if one of its numbers is NaN.
template <int SIZE> __device__ inline float largestOfRow(const RowVectors<SIZE>& x) {
  float largest = 0;
  forVectors<SIZE>([&](int v, int) {
#pragma unroll
    for (int i = 0; i < vectorWidth(SIZE); i++) {
      largest = maxOrNan(largest, fabsf(x[v][i]));
    }
  });
  return reduceBlock(largest, MaxOrNan());
}

template <int SIZE>
__device__ inline void storeRow(const RowVectors<SIZE>& x, bf16* output) {
  bf16* target = output + (long long)blockIdx.x * SIZE;
  forVectors<SIZE>([&](int v, int element) { store(target + element, x[v]); });
}

// Stores the block's row in 8 bits, and its scale.
template <int SIZE>
__device__ inline void storeRow(const RowVectors<SIZE>& x, e4m3* output, float* scales) {
  float largest = largestOfRow<SIZE>(x);
  float factor = quantizationFactor(largest);
  e4m3* target = output + (long long)blockIdx.x * SIZE;
  forVectors<SIZE>([&](int v, int element) { store(target + element, x[v], factor); });
  if (threadIdx.x == 0) {
    scales[blockIdx.x] = largest / E4M3_LARGEST;
  }
}
