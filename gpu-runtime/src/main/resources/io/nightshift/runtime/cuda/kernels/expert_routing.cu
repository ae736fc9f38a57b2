// The router of a mixture of experts (Shazeer et al., "Outrageously large neural networks", 2017), behind
// the GEMM that scores the experts: the best experts of each token, their weights, and the order of rows
// in which those of an expert are neighbours. A row is a token that passes an expert.
//
// Compiled with -DEXPERTS -DEXPERTS_PER_TOKEN (K) -DNORMALIZED=0|1.
//
// choose_experts(
//     f32 scores[tokens][EXPERTS], f32 bias[EXPERTS], may be null,
//     i32 chosen[tokens][K],      the experts with the highest scores, the best one first
//     f32 weights[tokens][K],     their softmax; NORMALIZED: over the chosen experts only
//     i32 ranks[tokens][K],       number of tokens before, of the same chunk, that chose the same expert
//     i32 counts[chunks][EXPERTS],   tokens of each chunk that chose each expert
//     i32 tokens)
//     grid chunks, block 1024; a chunk is CHUNK tokens
// order_rows(
//     i32 chosen[tokens][K], i32 ranks[tokens][K], i32 counts[chunks][EXPERTS],
//     i32 offsets[EXPERTS + 1],   the first row of each expert; the last one is tokens * K
//     i32 rowTokens[tokens * K],  the token of each row
//     i32 tokenRows[tokens][K],   the rows of each token, may be ranks
//     f32 loads[EXPERTS],         each grows by the expert's rows
//     i32 tokens)
//     grid chunks, block 1024
//
// Of experts with equal scores, those with the lower numbers are chosen. An expert's rows are in the order
// of their tokens. A NaN is larger than every number: a token with one gets weights of NaN, which show it.
#include "common.cuh"

constexpr int CHUNK = 64;
constexpr int THREADS = 1024;
constexpr int WARPS = THREADS / 32;
constexpr int K = EXPERTS_PER_TOKEN;
constexpr int LANE_EXPERTS = (EXPERTS + 31) / 32;
static_assert(K <= EXPERTS && K <= 32, "a lane keeps one of a token's experts");

// An integer with the order of the number; 0 stands for no number.
__device__ inline unsigned orderOf(float x) {
  unsigned bits = __float_as_uint(x);
  return isnan(x) ? 0xffffffffu : bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

__device__ inline float numberOf(unsigned order) {
  return order == 0xffffffffu ? CUDART_NAN_F
                              : __uint_as_float(order & 0x80000000u ? order ^ 0x80000000u : ~order);
}

// Lane i gets the i-th best expert of the warp's token, and its weight.
__device__ inline void choose(const float* scores, const float* bias, int& expert, float& weight) {
  int lane = threadIdx.x % 32;
  unsigned orders[LANE_EXPERTS];
#pragma unroll
  for (int i = 0; i < LANE_EXPERTS; i++) {
    int e = i * 32 + lane;
    orders[i] = e < EXPERTS ? orderOf(scores[e] + (bias == nullptr ? 0 : bias[e])) : 0;
  }
  float largest = 0;
  float exponential = 0;
  float others = 0;
#pragma unroll 1
  for (int k = 0; k < K; k++) {
    unsigned own = 0;
    int ownExpert = EXPERTS;
#pragma unroll
    for (int i = LANE_EXPERTS - 1; i >= 0; i--) {
      if (orders[i] >= own && orders[i] > 0) {
        own = orders[i];
        ownExpert = i * 32 + lane;
      }
    }
    unsigned best = __reduce_max_sync(FULL_WARP, own);
    int bestExpert = __reduce_min_sync(FULL_WARP, own == best ? ownExpert : EXPERTS);
#pragma unroll
    for (int i = 0; i < LANE_EXPERTS; i++) {
      orders[i] = bestExpert == i * 32 + lane ? 0 : orders[i];
    }
    float score = numberOf(best);
    largest = k == 0 ? score : largest;
    if (lane == k) {
      expert = bestExpert;
      exponential = __expf(score - largest);
    }
  }
  if (!NORMALIZED) {
#pragma unroll
    for (int i = 0; i < LANE_EXPERTS; i++) {
      others += orders[i] == 0 ? 0 : __expf(numberOf(orders[i]) - largest);
    }
  }
  weight = exponential / reduceLanes(exponential + others, 32, Sum());
}

extern "C" __global__ void __launch_bounds__(THREADS) choose_experts(const float* scores,
    const float* bias, int* chosen, float* weights, int* ranks, int* counts, int tokens) {
  awaitStream();
  // For each expert, the chunk's tokens that chose it.
  __shared__ unsigned long long choosers[EXPERTS];
  for (int e = threadIdx.x; e < EXPERTS; e += THREADS) {
    choosers[e] = 0;
  }
  __syncthreads();
  constexpr int WARP_TOKENS = CHUNK / WARPS;
  int lane = threadIdx.x % 32;
  int first = threadIdx.x / 32 * WARP_TOKENS;
  int experts[WARP_TOKENS];
#pragma unroll
  for (int i = 0; i < WARP_TOKENS; i++) {
    long long token = (long long)blockIdx.x * CHUNK + first + i;
    experts[i] = EXPERTS;
    if (token < tokens) {
      float weight;
      choose(scores + token * EXPERTS, bias, experts[i], weight);
      if (lane < K) {
        chosen[token * K + lane] = experts[i];
        weights[token * K + lane] = weight;
        atomicOr(&choosers[experts[i]], 1ull << (first + i));
      }
    }
  }
  __syncthreads();
#pragma unroll
  for (int i = 0; i < WARP_TOKENS; i++) {
    long long token = (long long)blockIdx.x * CHUNK + first + i;
    if (token < tokens && lane < K) {
      ranks[token * K + lane] = __popcll(choosers[experts[i]] & ((1ull << (first + i)) - 1));
    }
  }
  for (int e = threadIdx.x; e < EXPERTS; e += THREADS) {
    counts[(long long)blockIdx.x * EXPERTS + e] = __popcll(choosers[e]);
  }
}

// Threads that share the counts of an expert: the most that are whole warps of one kind.
constexpr int SHARES = EXPERTS >= THREADS ? 1 : THREADS / roundUp(EXPERTS, 32);

extern "C" __global__ void __launch_bounds__(THREADS) order_rows(const int* chosen, const int* ranks,
    const int* counts, int* offsets, int* rowTokens, int* tokenRows, float* loads, int tokens) {
  awaitStream();
  // Of each expert: its rows, then its first row; and its rows of the chunks before this one.
  __shared__ int firsts[EXPERTS + 1];
  __shared__ int before[EXPERTS];
  for (int e = threadIdx.x; e < EXPERTS; e += THREADS) {
    firsts[e] = 0;
    before[e] = 0;
  }
  __syncthreads();
  int chunks = gridDim.x;
  constexpr int WIDTH = SHARES == 1 ? THREADS : roundUp(EXPERTS, 32);
  for (int e = threadIdx.x % WIDTH; e < EXPERTS; e += WIDTH) {
    int all = 0;
    int earlier = 0;
    if (threadIdx.x / WIDTH < SHARES) {
#pragma unroll 4
      for (int chunk = threadIdx.x / WIDTH; chunk < chunks; chunk += SHARES) {
        int count = counts[(long long)chunk * EXPERTS + e];
        all += count;
        earlier += chunk < blockIdx.x ? count : 0;
      }
      atomicAdd(&firsts[e], all);
      atomicAdd(&before[e], earlier);
    }
  }
  __syncthreads();
  if (threadIdx.x < 32) {
    int sum = 0;
    for (int begin = 0; begin < EXPERTS; begin += 32) {
      int e = begin + threadIdx.x;
      int own = e < EXPERTS ? firsts[e] : 0;
      int upTo = own;
#pragma unroll
      for (int distance = 1; distance < 32; distance *= 2) {
        int other = __shfl_up_sync(FULL_WARP, upTo, distance);
        upTo += threadIdx.x >= distance ? other : 0;
      }
      if (e < EXPERTS) {
        firsts[e] = sum + upTo - own;
      }
      sum += __shfl_sync(FULL_WARP, upTo, 31);
    }
    firsts[EXPERTS] = sum;
  }
  __syncthreads();
  if (blockIdx.x == 0) {
    for (int e = threadIdx.x; e <= EXPERTS; e += THREADS) {
      offsets[e] = firsts[e];
      if (e < EXPERTS) {
        loads[e] += firsts[e + 1] - firsts[e];
      }
    }
  }
  long long first = (long long)blockIdx.x * CHUNK;
  int items = min((long long)CHUNK, tokens - first) * K;
  for (int i = threadIdx.x; i < items; i += THREADS) {
    long long item = first * K + i;
    int expert = chosen[item];
    int row = firsts[expert] + before[expert] + ranks[item];
    tokenRows[item] = row;
    rowTokens[row] = first + i / K;
  }
}
