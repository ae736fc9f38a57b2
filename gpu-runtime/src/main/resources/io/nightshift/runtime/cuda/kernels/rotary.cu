// From the fused projection of a token to the inputs of attention: scales, bias, norm of queries and keys
// (of each head as in Qwen3, or of all heads of a token as in OLMo 2), rotary position embedding (Su et
// al., "RoFormer", 2021; half-split layout), and the write of keys and values to the KV cache.
//
// Compiled with -DHEAD_SIZE -DBLOCK_SIZE -DKV_FP8=0|1, with -DROPE_DIMENSIONS, the number of elements of a
// head that rotate, even (the first ones; the others stay as they are), and -DNORM_ALL_HEADS=0|1.
//
// rotary_table(f32 inverseFrequencies[ROPE_DIMENSIONS / 2], f32 factor,
//     f32 table[positions][ROPE_DIMENSIONS / 2][2: cos * factor, sin * factor], i32 positions)
//     grid ceil(positions * ROPE_DIMENSIONS / 2 / 256), block 256
// norm_factors(
//     bf16 projection[tokens][heads * HEAD_SIZE], f32 rowScales[tokens],
//     e8m0 channelScales[heads * HEAD_SIZE], f32 bias[heads * HEAD_SIZE],   as for rotate_and_store
//     f32 epsilon, f32 factors[tokens][2: queries, keys], i32 queryHeads, i32 keyValueHeads)
//     grid (tokens, 2), block 256: reciprocals of the root mean square of all query heads of a token, and
//     of all key heads; with NORM_ALL_HEADS only
// rotate_and_store(
//     bf16 projection[tokens][heads * HEAD_SIZE],   GEMM output; heads = queryHeads + 2 * keyValueHeads
//     f32 rowScales[tokens], e8m0 channelScales[heads * HEAD_SIZE],   null if it needs no scaling
//     f32 bias[heads * HEAD_SIZE],                  may be null
//     f32 queryNorm[HEAD_SIZE], f32 keyNorm[HEAD_SIZE],   both may be null; with NORM_ALL_HEADS they are
//                                                   [queryHeads * HEAD_SIZE], [keyValueHeads * HEAD_SIZE]
//     f32 epsilon,
//     f32 normFactors[tokens][2],                   of norm_factors; not read without NORM_ALL_HEADS
//     f32 table[][ROPE_DIMENSIONS / 2][2], i32 positions[tokens],   rows of the table; the table is not
//                                                   read if no element rotates
//     i32 slots[tokens],                            of keys and values; negative: not stored
//     bf16 queries[tokens][queryHeads][headStride],
//     keys, values,                                 planes of the layer
//     f32 keyScales, f32 valueScales,               planes of the layer; null without KV_FP8
//     i32 tokens, i32 queryHeads, i32 keyValueHeads)
//     grid ceil(tokens * heads * LANES / 256), block 256; LANES is the number of vectors in half a head,
//     rounded up to a power of two. A vector has as many elements, at most 8, as divide both half a head
//     and half of the elements that rotate
//
// With queryHeads 0 it stores keys and values only, with keyValueHeads 0 it rotates queries only (the
// last layer needs queries of few tokens); the rows of the projection then have only this part. Norms of
// all heads are then those of the part that there is.
//
// Values in the cache are finite. Attention gives masked tokens the weight 0, but 0 times infinity or
// NaN is NaN: such a value would reach tokens that must not see it. A masked key is harmless, because
// its score is overwritten. So a value that is not finite is stored as zeros and its key as NaN, for
// the tokens that see it.
#include "common.cuh"

constexpr int HALF = HEAD_SIZE / 2;
constexpr int STRIDE = roundUp(HEAD_SIZE, 16);
// Pairs of elements that rotate.
constexpr int ROTATED = ROPE_DIMENSIONS / 2;
static_assert(ROTATED <= HALF, "a head has the elements that rotate");
// A lane has WIDTH pairs of elements. The first ROTATED pairs are those that rotate; element `element` of
// the lanes is the first of a pair, counted without the second ones.
constexpr int WIDTH =
    vectorWidth(HALF) < vectorWidth(ROTATED) ? vectorWidth(HALF) : vectorWidth(ROTATED);
constexpr int USED_LANES = HALF / WIDTH;

__device__ constexpr bool rotates(int element) {
  return ROTATED == HALF || element < ROTATED;
}

// The places of a pair in the head. Those that do not rotate are paired likewise, behind the others.
__device__ constexpr int lowPlace(int element) {
  return rotates(element) ? element : element + ROTATED;
}

__device__ constexpr int highPlace(int element) {
  return rotates(element) ? element + ROTATED : element + HALF;
}

__device__ constexpr int powerOfTwoFrom(int value) {
  int power = 1;
  while (power < value) {
    power *= 2;
  }
  return power;
}

// Threads of a block.
constexpr int THREADS = 256;
constexpr int LANES = powerOfTwoFrom(USED_LANES);
static_assert(LANES <= 32, "a head is one warp's at most");

// Whether something is true of one of a head's lanes.
__device__ inline bool anyLane(bool x) {
  unsigned lanes = __ballot_sync(FULL_WARP, x);
  return (lanes >> (threadIdx.x % 32 / LANES * LANES) & FULL_WARP >> (32 - LANES)) != 0;
}

extern "C" __global__ void rotary_table(
    const float* inverseFrequencies, float factor, float2* table, int positions) {
  awaitStream();
#if ROPE_DIMENSIONS > 0
  long long index = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (index < (long long)positions * ROTATED) {
    // Rounded to f32 before sine and cosine, as models are trained.
    float angle = __fmul_rn((float)(index / ROTATED), inverseFrequencies[index % ROTATED]);
    table[index] = make_float2(cosf(angle) * factor, sinf(angle) * factor);
  }
#endif
}

struct Head {
  float low[WIDTH];
  float high[WIDTH];
};

// This lane's elements of one head of a token's projection, as the GEMM leaves them.
struct Sums {
  using Bits = typename Word<WIDTH * 2>::type;
  Bits low;
  Bits high;
};

// The projection of all tokens. Loads are separate from what is computed of them, so that a thread can
// begin several before it waits for one.
struct Projection {
  const bf16* sums;
  const float* rowScales;
  const e8m0* channelScales;
  const float* bias;

  // The sums of a row, which is token * heads + head.
  __device__ Sums load(unsigned row, int element) const;
  // Sums times the scales, plus the bias.
  __device__ Head scaled(const Sums& sums, int token, int head, int element) const;
};

__device__ inline Sums Projection::load(unsigned row, int element) const {
  const bf16* source = sums + (long long)row * HEAD_SIZE;
  return {*reinterpret_cast<const Sums::Bits*>(source + lowPlace(element)),
      *reinterpret_cast<const Sums::Bits*>(source + highPlace(element))};
}

__device__ inline void addBias(Head& head, const float* bias, int element) {
  Head added;
  load(bias + lowPlace(element), added.low);
  load(bias + highPlace(element), added.high);
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    head.low[i] += added.low[i];
    head.high[i] += added.high[i];
  }
}

__device__ inline Head Projection::scaled(
    const Sums& sums, int token, int head, int element) const {
  Head x;
  const bf16* low = reinterpret_cast<const bf16*>(&sums.low);
  const bf16* high = reinterpret_cast<const bf16*>(&sums.high);
  if (channelScales == nullptr) {
    ::load(low, x.low);
    ::load(high, x.high);
  } else {
    const e8m0* scales = channelScales + head * HEAD_SIZE;
    loadSums(low, rowScales[token], scales + lowPlace(element), x.low);
    loadSums(high, rowScales[token], scales + highPlace(element), x.high);
  }
  if (bias != nullptr) {
    addBias(x, bias + (long long)head * HEAD_SIZE, element);
  }
  return x;
}

// Whether all of the lane's elements are finite in bf16.
__device__ inline bool isFinite(const Head& head) {
  float sum = 0;
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    sum += __bfloat162float(__float2bfloat16_rn(head.low[i])) * 0.0f;
    sum += __bfloat162float(__float2bfloat16_rn(head.high[i])) * 0.0f;
  }
  return !isnan(sum);
}

__device__ inline void fill(Head& head, float x) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    head.low[i] = x;
    head.high[i] = x;
  }
}

__device__ inline float sumOfSquares(const Head& head) {
  float squares = 0;
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    squares += head.low[i] * head.low[i] + head.high[i] * head.high[i];
  }
  return squares;
}

// Multiplies by a factor, and by the weights of the head.
__device__ inline void multiply(Head& head, float factor, const float* weight, int element) {
  if (element < HALF) {
    Head weights;
    load(weight + lowPlace(element), weights.low);
    load(weight + highPlace(element), weights.high);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      head.low[i] *= factor * weights.low[i];
      head.high[i] *= factor * weights.high[i];
    }
  }
}

// Rotates by angles that are given by their cosines and sines.
__device__ inline void rotate(Head& head, const float (&angles)[2 * WIDTH]) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    float2 angle = make_float2(angles[2 * i], angles[2 * i + 1]);
    float low = head.low[i];
    head.low[i] = low * angle.x - head.high[i] * angle.y;
    head.high[i] = head.high[i] * angle.x + low * angle.y;
  }
}

__device__ inline void storeHead(const Head& head, bf16* target, int lane) {
  if (lane < USED_LANES) {
    store(target + lowPlace(lane * WIDTH), head.low);
    store(target + highPlace(lane * WIDTH), head.high);
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
    store(target + lowPlace(lane * WIDTH), head.low, factor);
    store(target + highPlace(lane * WIDTH), head.high, factor);
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

#if NORM_ALL_HEADS
extern "C" __global__ void __launch_bounds__(THREADS) norm_factors(const bf16* projection,
    const float* rowScales, const e8m0* channelScales, const float* bias, float epsilon,
    float* factors, int queryHeads, int keyValueHeads) {
  awaitStream();
  int token = blockIdx.x;
  int firstHead = blockIdx.y == 0 ? 0 : queryHeads;
  int heads = blockIdx.y == 0 ? queryHeads : keyValueHeads;
  Projection source = {projection, rowScales, channelScales, bias};
  float squares = 0;
  for (int index = threadIdx.x; index < heads * USED_LANES; index += blockDim.x) {
    int head = firstHead + index / USED_LANES;
    int element = index % USED_LANES * WIDTH;
    Sums sums = source.load(token * (queryHeads + 2 * keyValueHeads) + head, element);
    squares += sumOfSquares(source.scaled(sums, token, head, element));
  }
  squares = reduceBlock(squares, Sum());
  if (threadIdx.x == 0 && heads > 0) {
    factors[token * 2 + blockIdx.y] = rsqrtf(squares / (heads * HEAD_SIZE) + epsilon);
  }
}
#endif

extern "C" __global__ void __launch_bounds__(THREADS) rotate_and_store(const bf16* projection,
    const float* rowScales, const e8m0* channelScales, const float* bias, const float* queryNorm,
    const float* keyNorm, float epsilon, const float* normFactors, const float2* table,
    const int* positions, const int* slots, bf16* queries, Cached* keys, Cached* values,
    float* keyScales, float* valueScales, int tokens, int queryHeads, int keyValueHeads) {
  awaitStream();
  unsigned heads = queryHeads + 2 * keyValueHeads;
  unsigned row = blockIdx.x * (THREADS / LANES) + threadIdx.x / LANES;
  int lane = threadIdx.x % LANES;
  // Threads behind the last head take part with the first one, since lanes exchange values.
  bool inside = row < tokens * heads;
  row = inside ? row : 0;
  int token = row / heads;
  int head = row % heads;
  int element = lane * WIDTH;
  bool isQuery = head < queryHeads;
  bool isKey = !isQuery && head < queryHeads + keyValueHeads;
  bool isUsed = lane < USED_LANES;
  Projection source = {projection, rowScales, channelScales, bias};
  // All of the head's loads begin before the first is waited for, and those of a key's value with them.
  Sums sums = {};
  Sums valueSums = {};
  if (isUsed) {
    sums = source.load(row, element);
    if (isKey) {
      valueSums = source.load(row + keyValueHeads, element);
    }
  }
#if ROPE_DIMENSIONS > 0
  int position = positions[token];
#endif
  int slot = inside && !isQuery ? slots[token] : -1;
  Head x = {};
  bool spoils = false;
  if (isUsed) {
    x = source.scaled(sums, token, head, element);
    if (isKey) {
      spoils = !isFinite(source.scaled(valueSums, token, head + keyValueHeads, element));
    } else if (!isQuery) {
      spoils = !isFinite(x);
    }
  }
  bool isSpoiled = anyLane(spoils);
#if ROPE_DIMENSIONS > 0
  bool isRotated = isUsed && (isQuery || isKey) && rotates(element);
  float angles[2 * WIDTH] = {};
  if (isRotated) {
    load(&table[(long long)position * ROTATED + element].x, angles);
  }
#endif
#if NORM_ALL_HEADS
  if (isQuery && inside) {
    multiply(x, normFactors[token * 2], queryNorm + head * HEAD_SIZE, element);
  } else if (isKey) {
    multiply(x, normFactors[token * 2 + 1], keyNorm + (head - queryHeads) * HEAD_SIZE, element);
  }
#else
  if (queryNorm != nullptr) {
    float squares = reduceLanes(sumOfSquares(x), LANES, Sum());
    if (isQuery || isKey) {
      multiply(x, rsqrtf(squares / HEAD_SIZE + epsilon), isQuery ? queryNorm : keyNorm, element);
    }
  }
#endif
#if ROPE_DIMENSIONS > 0
  if (isRotated) {
    rotate(x, angles);
  }
#endif
  if (isQuery && inside) {
    storeHead(x, queries + (long long)(token * queryHeads + head) * STRIDE, lane);
  }
  if (isSpoiled) {
    fill(x, isKey ? CUDART_NAN_F : 0);
  }
  int cacheHead = head - queryHeads - (isKey ? 0 : keyValueHeads);
  long long cacheRow =
      ((long long)(slot / BLOCK_SIZE) * keyValueHeads + cacheHead) * BLOCK_SIZE + slot % BLOCK_SIZE;
  storeCached(x, isKey ? keys : values, isKey ? keyScales : valueScales, cacheRow, lane, slot >= 0);
}
