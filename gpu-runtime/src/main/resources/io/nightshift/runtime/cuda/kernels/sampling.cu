// From logits to tokens, a block for each row, without sorting: the CUDA form of
// io.nightshift.runtime.sampling (Sampler, TokenDistribution, TokenSelection, CounterRandom). Weights
// and their sums are double, as there, so that both choose the same token except for rounding of sums.
//
// Compiled with -DLOGITS_F32=0|1: logits are f32 or bf16.
//
// sample_tokens(logits[rows][stride], i64 stride, i32 vocabulary,
//     SamplingRow parameters[rows],              64 bytes each, as SamplingRows in Java writes them
//     u32 seenTokens[][ceil(vocabulary / 32)],   bit sets, for the repetition penalty; may be null
//     u32 allowedTokens[][ceil(vocabulary / 32)],   bit sets of constrained rows; may be null
//     i32 tokens[rows],                          -1: the largest logit is not finite, or one is NaN
//     f32 logprobs[rows], f32 logSumExps[rows])  of the unmodified distribution
//     grid rows, block 1024
// top_logprobs(logits[rows][stride], i64 stride, i32 vocabulary, SamplingRow parameters[rows],
//     TopLogprob top[rows][20])                  8 bytes each: i32 token, f32 log probability
//     the most probable tokens of the unmodified distribution, best first, as many as a row's parameters
//     say; the rest is not written. Token -1 with NaN behind the end of the vocabulary, and in rows whose
//     largest logit is not finite, or that have a NaN
//     grid rows, block 1024
// logits_statistics(logits[rows][stride], i64 stride, i32 vocabulary, f32 maxima[rows],
//     f32 logSumExps[rows])
//     grid rows, block 1024
// gather_logits(logits[rows][stride], i64 stride, i32 cells[count][2: row, column], f32 target[count],
//     i32 count)
//     grid ceil(count / 256), block 256
// mark_tokens(u32 seenTokens[][words], i32 words, i32 cells[count][2: bit set, token], i32 count)
//     sets the bits of tokens; grid ceil(count / 256), block 256
// fill_in_tokens(i32 tokens[count * stride], i32 stride, i32 count, i32 sampled[rows])
//     replaces every stride-th token, if it is -1 - row, by the token that the step before has sampled
//     for that row; grid ceil(count / 256), block 256
#include "common.cuh"

#if LOGITS_F32
using Logit = float;
#else
using Logit = bf16;
#endif

constexpr int THREADS = 1024;
constexpr int WIDTH = 8;
constexpr int BIN_BITS = 3;
constexpr int BINS = 1 << BIN_BITS;
// Bits of a token id in a key: vocabularies of up to a million.
constexpr int ID_BITS = 20;

using Key = unsigned long long;

// What SamplingRows in Java writes.
struct SamplingRow {
  double temperature;
  double topP;
  double minP;
  double repetitionPenalty;
  long long seed;
  int topK;
  int outputPosition;
  int seenTokens;     // index of the row's bit set; -1: none
  int allowedTokens;  // index of the row's bit set; -1: all tokens
  int topLogprobs;
  int unused;
};

struct TopLogprob {
  int token;
  float logprob;
};

constexpr int MAX_TOP_LOGPROBS = 20;

static_assert(sizeof(SamplingRow) == 64, "as the host writes it");

__device__ inline float toFloat(float x) { return x; }
__device__ inline float toFloat(bf16 x) { return __bfloat162float(x); }

struct Row {
  const Logit* logits;
  int vocabulary;
  bool vectors;
  const unsigned* seen;
  const unsigned* allowed;
  double penalty;

  __device__ bool isAdjusted() const { return seen != nullptr || allowed != nullptr; }

  __device__ float adjust(int token, float logit) const {
    if (allowed != nullptr && (allowed[token / 32] >> (token % 32) & 1) == 0) {
      return -CUDART_INF_F;
    }
    if (seen != nullptr && (seen[token / 32] >> (token % 32) & 1) != 0) {
      return (float)(logit > 0 ? logit / penalty : logit * penalty);
    }
    return logit;
  }

  // The WIDTH logits from `first`; minus infinity behind the end.
  __device__ void read(int first, float (&x)[WIDTH]) const {
    if (vectors && first + WIDTH <= vocabulary) {
      load(logits + first, x);
    } else {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        x[i] = first + i < vocabulary ? toFloat(logits[first + i]) : -CUDART_INF_F;
      }
    }
  }

  // The same after penalty and mask.
  __device__ void readAdjusted(int first, float (&x)[WIDTH]) const {
    read(first, x);
    if (isAdjusted()) {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        if (first + i < vocabulary) {
          x[i] = adjust(first + i, x[i]);
        }
      }
    }
  }
};

// Orders tokens by descending logit, and those of equal logit by ascending id.
__device__ inline Key keyOf(float logit, int token) {
  // Adding 0 makes negative zero positive, since the two are equal logits.
  unsigned bits = __float_as_uint(logit + 0.0f);
  unsigned ascending = bits ^ ((unsigned)((int)bits >> 31) | 0x80000000u);
  return (Key)~ascending << ID_BITS | (unsigned)token;
}

struct Best {
  float logit;
  int token;
};

struct Better {
  __device__ Best operator()(Best a, Best b) const {
    return b.logit > a.logit || (b.logit == a.logit && b.token < a.token) ? b : a;
  }
};

__device__ inline Best reduceBest(Best best) {
  __shared__ Best partial[32];
  Better better;
  for (int distance = 16; distance > 0; distance /= 2) {
    best = better(best, Best{__shfl_xor_sync(FULL_WARP, best.logit, distance),
                            __shfl_xor_sync(FULL_WARP, best.token, distance)});
  }
  __syncthreads();
  if (threadIdx.x % 32 == 0) {
    partial[threadIdx.x / 32] = best;
  }
  __syncthreads();
  best = partial[0];
  for (int warp = 1; warp < THREADS / 32; warp++) {
    best = better(best, partial[warp]);
  }
  return best;
}

struct Statistics {
  Best best;           // after penalty and mask
  float max;           // of the unmodified logits; NaN if one is
  double logSumExp;    // likewise
};

// One pass over the row. A thread's sum is relative to the largest logit that it has seen.
__device__ inline Statistics statistics(const Row& row) {
  Best best = {-CUDART_INF_F, row.vocabulary};
  float max = -CUDART_INF_F;
  float sum = 0;
  for (int first = threadIdx.x * WIDTH; first < row.vocabulary; first += THREADS * WIDTH) {
    float x[WIDTH];
    row.read(first, x);
    float largest = max;
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      largest = maxOrNan(largest, x[i]);
    }
    // Not minus infinity, whose difference from itself is NaN.
    float base = fmaxf(largest, -3.0e38f);
    sum *= __expf(fmaxf(max, -3.0e38f) - base);
    max = largest;
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      sum += __expf(x[i] - base);
      float adjusted = first + i < row.vocabulary ? row.adjust(first + i, x[i]) : -CUDART_INF_F;
      if (adjusted > best.logit) {
        best = {adjusted, first + i};
      }
    }
  }
  Statistics result;
  result.best = reduceBest(best);
  result.max = reduceBlock(max, MaxOrNan());
  float scaled = max == -CUDART_INF_F ? 0 : sum * expf(max - result.max);
  result.logSumExp = (double)result.max + log((double)reduceBlock(scaled, Sum()));
  return result;
}

// Not inlined: the code of a double exponential is long, and compiled once.
__device__ __noinline__ double weightOf(float difference, double temperature) {
  return exp((double)difference / temperature);
}

// A row's weights at its temperature: probabilities but for their sum.
struct Weights {
  const Row& row;
  float max;
  double temperature;

  __device__ double operator()(float logit) const {
    return weightOf(__fsub_rn(logit, max), temperature);
  }
};

struct One {
  __device__ double operator()(float) const { return 1; }
};

// The smallest key up to which the tokens' weights sum to at least `target`, but at most `limit`.
// Each pass divides the remaining keys into equal bins, and continues with the one that reaches the sum.
template <typename Weight>
__device__ inline Key searchBorder(const Row& row, Key first, Key limit, double target, Weight weight) {
  double missing = target;
  while (first < limit) {
    // The size of bins is a power of two, so that there are at most BINS of them.
    int shift = max(0, 64 - __clzll((long long)(limit - first)) - BIN_BITS);
    double sums[BINS] = {};
    int counts[BINS] = {};
    for (int token = threadIdx.x * WIDTH; token < row.vocabulary; token += THREADS * WIDTH) {
      float x[WIDTH];
      row.readAdjusted(token, x);
      for (int i = 0; i < WIDTH; i++) {
        Key key = keyOf(x[i], token + i);
        if (token + i < row.vocabulary && key >= first && key <= limit) {
          int bin = (int)((key - first) >> shift);
          double w = weight(x[i]);
#pragma unroll
          for (int b = 0; b < BINS; b++) {
            sums[b] += b == bin ? w : 0;
            counts[b] += b == bin;
          }
        }
      }
    }
    int chosen = BINS;
    int count = 0;
#pragma unroll
    for (int b = 0; b < BINS; b++) {
      double sum = reduceBlock(sums[b], Sum());
      int members = reduceBlock(counts[b], Sum());
      if (chosen == BINS) {
        if (sum >= missing && members > 0) {
          chosen = b;
          count = members;
        } else {
          missing -= sum;
        }
      }
    }
    if (chosen == BINS) {
      return limit;
    }
    Key end = first + ((Key)(chosen + 1) << shift) - 1;
    first += (Key)chosen << shift;
    limit = end < limit ? end : limit;
    if (count == 1) {
      return limit;
    }
  }
  return limit;
}

// Kept tokens have a key up to `border` and a weight of at least `minP`.
template <typename Use>
__device__ inline void forKept(const Row& row, const Weights& weights, Key border, double minP,
    int first, Use use) {
  float x[WIDTH];
  row.readAdjusted(first, x);
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    if (first + i < row.vocabulary && keyOf(x[i], first + i) <= border) {
      double weight = weights(x[i]);
      if (weight > 0 && weight >= minP) {
        use(first + i, weight);
      }
    }
  }
}

__device__ inline double sumOfKept(
    const Row& row, const Weights& weights, Key border, double minP) {
  double sum = 0;
  for (int first = threadIdx.x * WIDTH; first < row.vocabulary; first += THREADS * WIDTH) {
    forKept(row, weights, border, minP, first, [&](int, double weight) { sum += weight; });
  }
  return reduceBlock(sum, Sum());
}

// The sum of `value` over this thread and all before it in the block; `total` over all threads.
__device__ inline double scanBlock(double value, double& before, double& total) {
  __shared__ double warpSums[32];
  int lane = threadIdx.x % 32;
  int warp = threadIdx.x / 32;
  for (int distance = 1; distance < 32; distance *= 2) {
    double other = __shfl_up_sync(FULL_WARP, value, distance);
    if (lane >= distance) {
      value += other;
    }
  }
  double previous = __shfl_up_sync(FULL_WARP, value, 1);
  __syncthreads();
  if (lane == 31) {
    warpSums[warp] = value;
  }
  __syncthreads();
  double base = 0;
  total = 0;
  for (int w = 0; w < THREADS / 32; w++) {
    base = w == warp ? total : base;
    total += warpSums[w];
  }
  before = lane == 0 ? base : base + previous;
  return base + value;
}

// The token at `point` of the kept tokens' cumulated weights, in the order of ids.
__device__ inline int draw(
    const Row& row, const Weights& weights, Key border, double minP, double point) {
  __shared__ int drawn;
  __shared__ int last;
  if (threadIdx.x == 0) {
    drawn = row.vocabulary;
    last = -1;
  }
  __syncthreads();
  double done = 0;
  for (int tile = 0; tile < row.vocabulary; tile += THREADS * WIDTH) {
    int first = tile + threadIdx.x * WIDTH;
    double own = 0;
    int ownLast = -1;
    forKept(row, weights, border, minP, first, [&](int token, double weight) {
      own += weight;
      ownLast = token;
    });
    if (ownLast >= 0) {
      atomicMax(&last, ownLast);
    }
    double before;
    double total;
    double behind = scanBlock(own, before, total);
    double left = point - done;
    if (ownLast >= 0 && before <= left && left < behind) {
      left -= before;
      int token = ownLast;
      bool found = false;
      forKept(row, weights, border, minP, first, [&](int candidate, double weight) {
        left -= weight;
        if (left < 0 && !found) {
          token = candidate;
          found = true;
        }
      });
      atomicMin(&drawn, token);
    }
    __syncthreads();
    if (drawn < row.vocabulary) {
      return drawn;
    }
    done += total;
  }
  return last;
}

__device__ inline unsigned long long mix(unsigned long long value) {
  unsigned long long z = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// CounterRandom.uniform.
__device__ inline double uniform(long long seed, long long counter) {
  constexpr unsigned long long GOLDEN_GAMMA = 0x9E3779B97F4A7C15ull;
  unsigned long long bits =
      mix(mix((unsigned long long)seed + GOLDEN_GAMMA) + (unsigned long long)(counter + 1) * GOLDEN_GAMMA);
  return (double)(bits >> 11) * 0x1.0p-53;
}

__device__ inline int sample(const Row& row, const SamplingRow& parameters, Best best) {
  Weights weights = {row, best.logit, parameters.temperature};
  Key border = ~(Key)0 >> (32 - ID_BITS);
  Key first = keyOf(best.logit, 0);
  if (parameters.topK > 0 && parameters.topK < row.vocabulary) {
    border = searchBorder(row, first, border, parameters.topK, One());
  }
  if (parameters.topP < 1) {
    double target = parameters.topP * sumOfKept(row, weights, border, 0);
    border = searchBorder(row, first, border, target, weights);
  }
  double total = sumOfKept(row, weights, border, parameters.minP);
  double point = uniform(parameters.seed, parameters.outputPosition) * total;
  return draw(row, weights, border, parameters.minP, point);
}

__device__ inline Row rowOf(const Logit* logits, long long stride, int vocabulary) {
  bool vectors = stride % WIDTH == 0;
  return {logits + blockIdx.x * stride, vocabulary, vectors, nullptr, nullptr, 1};
}

extern "C" __global__ void __launch_bounds__(THREADS) sample_tokens(const Logit* logits,
    long long stride, int vocabulary, const SamplingRow* rows, const unsigned* seenTokens,
    const unsigned* allowedTokens, int* tokens, float* logprobs, float* logSumExps) {
  awaitStream();
  SamplingRow parameters = rows[blockIdx.x];
  long long words = (vocabulary + 31) / 32;
  Row row = rowOf(logits, stride, vocabulary);
  if (parameters.seenTokens >= 0 && parameters.repetitionPenalty != 1) {
    row.seen = seenTokens + parameters.seenTokens * words;
    row.penalty = parameters.repetitionPenalty;
  }
  if (parameters.allowedTokens >= 0) {
    row.allowed = allowedTokens + parameters.allowedTokens * words;
  }
  Statistics found = statistics(row);
  int token = -1;
  if (isfinite(found.max) && isfinite(found.best.logit)) {
    token = parameters.temperature == 0 ? found.best.token : sample(row, parameters, found.best);
  }
  if (threadIdx.x == 0) {
    tokens[blockIdx.x] = token;
    logprobs[blockIdx.x] = token < 0 ? CUDART_NAN_F : (float)(toFloat(row.logits[token]) - found.logSumExp);
    logSumExps[blockIdx.x] = (float)found.logSumExp;
  }
}

struct Least {
  __device__ Key operator()(Key a, Key b) const { return a < b ? a : b; }
};

constexpr Key NO_KEY = ~(Key)0;

// The two smallest keys from `least` of the tokens that are this thread's; NO_KEY for one that is missing.
__device__ inline void nextKeys(const Row& row, Key least, Key& next, Key& afterNext) {
  next = NO_KEY;
  afterNext = NO_KEY;
  for (int first = threadIdx.x * WIDTH; first < row.vocabulary; first += THREADS * WIDTH) {
    float x[WIDTH];
    row.read(first, x);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      Key key = first + i < row.vocabulary ? keyOf(x[i], first + i) : NO_KEY;
      if (key >= least && key < afterNext) {
        afterNext = key < next ? next : key;
        next = key < next ? key : next;
      }
    }
  }
}

// A tournament: each thread enters its best token that is not placed yet. It keeps the one after that,
// since few threads have more than two of the best tokens: these look for more.
extern "C" __global__ void __launch_bounds__(THREADS) top_logprobs(const Logit* logits, long long stride,
    int vocabulary, const SamplingRow* rows, TopLogprob* top) {
  awaitStream();
  int count = min(rows[blockIdx.x].topLogprobs, MAX_TOP_LOGPROBS);
  if (count <= 0) {
    return;
  }
  Row row = rowOf(logits, stride, vocabulary);
  Statistics found = statistics(row);
  Key next;
  Key afterNext;
  nextKeys(row, 0, next, afterNext);
  for (int place = 0; place < count; place++) {
    Key best = reduceBlock(next, Least());
    bool exists = best != NO_KEY && isfinite(found.max);
    if (threadIdx.x == 0) {
      int token = exists ? (int)(best & ((1 << ID_BITS) - 1)) : -1;
      float logprob = exists ? (float)(toFloat(row.logits[token]) - found.logSumExp) : CUDART_NAN_F;
      top[blockIdx.x * MAX_TOP_LOGPROBS + place] = {token, logprob};
    }
    if (next == best && best != NO_KEY) {
      next = afterNext;
      afterNext = NO_KEY;
      if (next == NO_KEY) {
        nextKeys(row, best + 1, next, afterNext);
      }
    }
  }
}

extern "C" __global__ void __launch_bounds__(THREADS) logits_statistics(
    const Logit* logits, long long stride, int vocabulary, float* maxima, float* logSumExps) {
  awaitStream();
  Statistics found = statistics(rowOf(logits, stride, vocabulary));
  if (threadIdx.x == 0) {
    maxima[blockIdx.x] = found.max;
    logSumExps[blockIdx.x] = (float)found.logSumExp;
  }
}

extern "C" __global__ void __launch_bounds__(256) gather_logits(
    const Logit* logits, long long stride, const int2* cells, float* target, int count) {
  awaitStream();
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    target[i] = toFloat(logits[cells[i].x * stride + cells[i].y]);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    mark_tokens(unsigned* seenTokens, int words, const int2* cells, int count) {
  awaitStream();
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    int2 cell = cells[i];
    atomicOr(seenTokens + (long long)cell.x * words + cell.y / 32, 1u << (cell.y % 32));
  }
}

// A row without a token (-1) gives token 0: the host is told, and discards what is computed from it.
extern "C" __global__ void __launch_bounds__(256)
    fill_in_tokens(int* tokens, int stride, int count, const int* sampled) {
  awaitStream();
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count && tokens[i * stride] < 0) {
    tokens[i * stride] = max(0, sampled[-1 - tokens[i * stride]]);
  }
}
