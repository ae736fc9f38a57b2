// From the fused projection of a token to the inputs of attention: scales, bias, norm of query and key
// heads (Qwen3), rotary position embedding (Su et al., "RoFormer", 2021; half-split layout), and the
// write of keys and values to the KV cache.
//
// Compiled with -DHEAD_SIZE -DBLOCK_SIZE -DKV_FP8=0|1.
//
// rotary_table(f32 inverseFrequencies[HEAD_SIZE / 2], f32 table[positions][HEAD_SIZE / 2][2: cos, sin],
//     i32 positions)
//     grid ceil(positions * HEAD_SIZE / 2 / 256), block 256
// rotate_and_store(
//     bf16 projection[tokens][heads * HEAD_SIZE],   GEMM output; heads = queryHeads + 2 * keyValueHeads
//     f32 rowScales[tokens], e8m0 channelScales[heads * HEAD_SIZE],   null if it needs no scaling
//     f32 bias[heads * HEAD_SIZE],                  may be null
//     f32 queryNorm[HEAD_SIZE], f32 keyNorm[HEAD_SIZE], f32 epsilon,   both may be null
//     f32 table[][HEAD_SIZE / 2][2], i32 positions[tokens],
//     i32 slots[tokens],                            of keys and values; negative: not stored
//     bf16 queries[tokens][queryHeads][headStride],
//     keys, values,                                 planes of the layer
//     f32 keyScales, f32 valueScales,               planes of the layer; null without KV_FP8
//     i32 tokens, i32 queryHeads, i32 keyValueHeads)
//     grid ceil(tokens * heads * LANES / 256), block 256; LANES is the number of vectors in half a head,
//     rounded up to a power of two
//
// With queryHeads 0 it stores keys and values only, with keyValueHeads 0 it rotates queries only (the
// last layer needs queries of few tokens); the rows of the projection then have only this part.
//
// Values in the cache are finite. Attention gives masked tokens the weight 0, but 0 times infinity or
// NaN is NaN: such a value would reach tokens that must not see it. A masked key is harmless, because
// its score is overwritten. So a value that is not finite is stored as zeros and its key as NaN, for
// the tokens that see it.
#include "common.cuh"

constexpr int HALF = HEAD_SIZE / 2;
constexpr int STRIDE = roundUp(HEAD_SIZE, 16);
// A lane has WIDTH elements of the head's first half and their counterparts in the second.
constexpr int WIDTH = vectorWidth(HALF);
constexpr int USED_LANES = HALF / WIDTH;

__device__ constexpr int powerOfTwoFrom(int value) {
  int power = 1;
  while (power < value) {
    power *= 2;
  }
  return power;
}

constexpr int LANES = powerOfTwoFrom(USED_LANES);
static_assert(LANES <= 32, "a head is one warp's at most");

extern "C" __global__ void rotary_table(
    const float* inverseFrequencies, float2* table, int positions) {
  awaitStream();
  long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (index < (long long)positions * HALF) {
    // Rounded to f32 before sine and cosine, as models are trained.
    float angle = __fmul_rn((float)(index / HALF), inverseFrequencies[index % HALF]);
    table[index] = make_float2(cosf(angle), sinf(angle));
  }
}

struct Head {
  float low[WIDTH];
  float high[WIDTH];
};

// This lane's elements of one head of a token's projection: times the scales, plus the bias.
struct Projection {
  const bf16* sums;
  const float* rowScales;
  const e8m0* channelScales;
  const float* bias;

  __device__ Head load(int token, unsigned heads, int head, int element) const;
};

__device__ inline void addBias(Head& head, const float* bias, int element) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    head.low[i] += bias[element + i];
    head.high[i] += bias[element + HALF + i];
  }
}

__device__ inline Head Projection::load(int token, unsigned heads, int head, int element) const {
  Head x;
  const bf16* source = sums + ((long long)token * heads + head) * HEAD_SIZE;
  if (channelScales == nullptr) {
    ::load(source + element, x.low);
    ::load(source + HALF + element, x.high);
  } else {
    const e8m0* scales = channelScales + head * HEAD_SIZE + element;
    loadSums(source + element, rowScales[token], scales, x.low);
    loadSums(source + HALF + element, rowScales[token], scales + HALF, x.high);
  }
  if (bias != nullptr) {
    addBias(x, bias + (long long)head * HEAD_SIZE, element);
  }
  return x;
}

// NaN if one of the lane's elements is not finite in bf16, else 0.
__device__ inline float nanUnlessFinite(const Head& head) {
  float sum = 0;
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    sum += __bfloat162float(__float2bfloat16_rn(head.low[i])) * 0.0f;
    sum += __bfloat162float(__float2bfloat16_rn(head.high[i])) * 0.0f;
  }
  return sum;
}

__device__ inline void fill(Head& head, float x) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    head.low[i] = x;
    head.high[i] = x;
  }
}

__device__ inline void normalize(Head& head, const float* weight, float epsilon, int element) {
  float squares = 0;
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    squares += head.low[i] * head.low[i] + head.high[i] * head.high[i];
  }
  float factor = rsqrtf(reduceLanes(squares, LANES, Sum()) / HEAD_SIZE + epsilon);
  if (element < HALF) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      head.low[i] *= factor * weight[element + i];
      head.high[i] *= factor * weight[element + HALF + i];
    }
  }
}

__device__ inline void rotate(Head& head, const float2* angles) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    float2 angle = angles[i];
    float low = head.low[i];
    head.low[i] = low * angle.x - head.high[i] * angle.y;
    head.high[i] = head.high[i] * angle.x + low * angle.y;
  }
}

__device__ inline void storeHead(const Head& head, bf16* target, int lane) {
  if (lane < USED_LANES) {
    store(target + lane * WIDTH, head.low);
    store(target + HALF + lane * WIDTH, head.high);
  }
  for (int element = HEAD_SIZE + lane; element < STRIDE; element += LANES) {
    target[element] = __float2bfloat16_rn(0.0f);
  }
}

#if KV_FP8
using Cached = e4m3;

__device__ inline void storeCached(
    const Head& head, e4m3* target, float* scales, long long row, int lane, bool stored) {
  float largest = 0;
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    largest = maxOrNan(largest, maxOrNan(fabsf(head.low[i]), fabsf(head.high[i])));
  }
  largest = reduceLanes(largest, LANES, MaxOrNan());
  if (!stored) {
    return;
  }
  float factor = quantizationFactor(largest);
  target += row * STRIDE;
  if (lane < USED_LANES) {
    store(target + lane * WIDTH, head.low, factor);
    store(target + HALF + lane * WIDTH, head.high, factor);
  }
  for (int element = HEAD_SIZE + lane; element < STRIDE; element += LANES) {
    target[element] = 0;
  }
  if (lane == 0) {
    scales[row] = largest / E4M3_LARGEST;
  }
}
#else
using Cached = bf16;

__device__ inline void storeCached(
    const Head& head, bf16* target, float*, long long row, int lane, bool stored) {
  if (stored) {
    storeHead(head, target + row * STRIDE, lane);
  }
}
#endif

extern "C" __global__ void __launch_bounds__(256) rotate_and_store(const bf16* projection,
    const float* rowScales, const e8m0* channelScales, const float* bias, const float* queryNorm,
    const float* keyNorm, float epsilon, const float2* table, const int* positions,
    const int* slots, bf16* queries, Cached* keys, Cached* values, float* keyScales,
    float* valueScales, int tokens, int queryHeads, int keyValueHeads) {
  awaitStream();
  unsigned heads = queryHeads + 2 * keyValueHeads;
  unsigned index = blockIdx.x * (blockDim.x / LANES) + threadIdx.x / LANES;
  int lane = threadIdx.x % LANES;
  // Threads behind the last head take part, since lanes exchange values.
  bool inside = index < tokens * heads;
  int token = inside ? index / heads : 0;
  int head = inside ? index % heads : 0;
  int element = lane * WIDTH;
  bool isQuery = head < queryHeads;
  bool isKey = !isQuery && head < queryHeads + keyValueHeads;
  int position = positions[token];
  int slot = inside && !isQuery ? slots[token] : -1;
  Projection source = {projection, rowScales, channelScales, bias};
  Head x = {};
  float spoiled = 0;
  if (inside && lane < USED_LANES) {
    x = source.load(token, heads, head, element);
    if (!isQuery) {
      spoiled = nanUnlessFinite(
          isKey ? source.load(token, heads, head + keyValueHeads, element) : x);
    }
  }
  bool isSpoiled = isnan(reduceLanes(spoiled, LANES, Sum()));
  if (queryNorm != nullptr) {
    Head normed = x;
    normalize(normed, isQuery ? queryNorm : keyNorm, epsilon, element);
    if (isQuery || isKey) {
      x = normed;
    }
  }
  if ((isQuery || isKey) && lane < USED_LANES) {
    rotate(x, table + (long long)position * HALF + element);
  }
  if (isSpoiled) {
    fill(x, isKey ? CUDART_NAN_F : 0);
  }
  if (isQuery && inside) {
    storeHead(x, queries + ((long long)token * queryHeads + head) * STRIDE, lane);
  }
  int cacheHead = head - queryHeads - (isKey ? 0 : keyValueHeads);
  long long row =
      ((long long)(slot / BLOCK_SIZE) * keyValueHeads + cacheHead) * BLOCK_SIZE + slot % BLOCK_SIZE;
  storeCached(x, isKey ? keys : values, isKey ? keyScales : valueScales, row, lane, slot >= 0);
}
