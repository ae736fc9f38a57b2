// RMS norm (Zhang and Sennrich, "Root mean square layer normalization", 2019) of the residual stream,
// with what precedes it: gathering rows and adding the output of the last GEMM, which may be normed
// itself. With 8-bit weights, the output is quantized with a scale for each row.
//
// Compiled with -DHIDDEN_SIZE (a multiple of 8) -DNORM_DELTA=0|1 -DMULTIPLY=0|1 -DCOMBINE=0|1 -DRANKS=1..8.
//
// add_rms_norm(
//     bf16 delta[rows][HIDDEN_SIZE],        GEMM output to add; may be null
//     f32 rowScales[rows], e8m0 channelScales[HIDDEN_SIZE],   of delta; null if delta needs none
//     with RANKS > 1 only (see peers.cuh):
//       Peers peers, u64 step, i32 exchange, i64 deltaOffsets[RANKS], i64 channelOffsets[RANKS],
//                                           delta is a partial sum, to which the same of all ranks are
//                                           added; null and 0 if delta is null
//     with COMBINE only:
//       i32 tokenRows[rows][expertsPerToken], f32 weights[rows][expertsPerToken], i32 expertsPerToken,
//                                           of a mixture of experts (see expert_routing.cu), whose rows
//                                           delta has: what is added is their weighted sum; null and 0
//                                           if delta has a row for each row
//     f32 bias[HIDDEN_SIZE],                of the GEMM that computed delta; may be null
//     f32 deltaWeight[HIDDEN_SIZE],         of the norm of delta and bias, before they are added; null
//                                           if there is no delta; not read without NORM_DELTA
//     f32 deltaMultiplier,                  of delta and bias; not read without MULTIPLY
//     i32 sources[rows],                    row of residualIn for each row; null: the same row
//     bf16 residualIn[][HIDDEN_SIZE],
//     f32 sourceMultiplier,                 of residualIn; not read without MULTIPLY
//     bf16 residualOut[rows][HIDDEN_SIZE],  the sum; may be residualIn if sources is null; may be null
//     f32 weight[HIDDEN_SIZE],              may be null with NORM_DELTA: then the sum is the output
//     f32 epsilon,
//     bf16 output[rows][HIDDEN_SIZE])
// add_rms_norm_fp8(... the same ..., e4m3 output[rows][HIDDEN_SIZE], f32 scales[rows])
// add_rms_norm_both(... the same ..., e4m3 output[rows][HIDDEN_SIZE], f32 scales[rows],
//     bf16 unquantized[rows][HIDDEN_SIZE])  the output before it is quantized, for routers of experts
//     grid rows, block rowThreads(HIDDEN_SIZE)
//
// combine_experts(bf16 outputs[][HIDDEN_SIZE], i32 tokenRows[rows][expertsPerToken],
//     f32 weights[rows][expertsPerToken], i32 expertsPerToken, bf16 sums[rows][HIDDEN_SIZE])
//     with COMBINE only: the weighted sums of experts' rows, for the exchange between ranks
//     grid rows, block rowThreads(HIDDEN_SIZE)
//
// The kernel is also the embedding lookup (residualIn is the embedding, sources are token ids, delta
// is null) and the compaction to the rows that the last layer keeps. Sums and norms are f32; the norm is
// of the sum before it is rounded to bf16. GEMMs of bf16 weights add to the residual stream in their
// epilogue, multiplied there, unless their output is normed: then there is no delta, and no residualOut
// unless there is a bias; the norm is of the rounded sum.
//
// With several ranks, this is the all-reduce of tensor parallelism in its one-shot form: each rank reads
// the partial sums of all others from their memory and adds them in the order of the ranks, so that all
// have the same bits. Nobody waits before the partial sums are overwritten: two buffers are used in turn,
// and a rank that arrives at an exchange has ended the one before.
#include "common.cuh"
#if RANKS > 1
#include "peers.cuh"
#endif

constexpr int WIDTH = vectorWidth(HIDDEN_SIZE);
constexpr int THREADS = rowThreads(HIDDEN_SIZE);

using Row = RowVectors<HIDDEN_SIZE>;

__device__ inline void add(float (&x)[WIDTH], const float (&added)[WIDTH]) {
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    x[i] += added[i];
  }
}

__device__ inline void scale(Row& x, float factor) {
  forVectors<HIDDEN_SIZE>([&](int v, int) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      x[v][i] *= factor;
    }
  });
}

__device__ inline void normalize(Row& x, const float* weight, float epsilon) {
  float squares = 0;
  forVectors<HIDDEN_SIZE>([&](int v, int) {
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      squares += x[v][i] * x[v][i];
    }
  });
  float factor = rsqrtf(reduceBlock(squares, Sum()) / HIDDEN_SIZE + epsilon);
  forVectors<HIDDEN_SIZE>([&](int v, int element) {
    float weights[WIDTH];
    load(weight + element, weights);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      x[v][i] *= factor * weights[i];
    }
  });
}

#if RANKS > 1
#define PEER_PARAMETERS                                                        \
  const Peers *peers, const unsigned long long *step, int exchange,            \
      const long long *deltaOffsets, const long long *channelOffsets,
#define PEER_ARGUMENTS , peers, step, exchange, deltaOffsets, channelOffsets
#else
#define PEER_PARAMETERS
#define PEER_ARGUMENTS
#endif

#if COMBINE
#define EXPERT_PARAMETERS const int *tokenRows, const float *weights, int expertsPerToken,
#define EXPERT_ARGUMENTS , tokenRows, weights, expertsPerToken
#else
#define EXPERT_PARAMETERS
#define EXPERT_ARGUMENTS
#endif

// The output of a GEMM, without its bias.
struct Delta {
  const bf16* sums;
  const float* rowScales;
  const e8m0* channelScales;
#if RANKS > 1
  const Peers* peers;
  const unsigned long long* step;
  int exchange;
  const long long* deltaOffsets;
  const long long* channelOffsets;
#endif
#if COMBINE
  const int* tokenRows;
  const float* weights;
  int expertsPerToken;
#endif

  __device__ bool isPresent() const { return sums != nullptr; }

  __device__ void load(long long row, Row& x) const {
#if COMBINE
    if (expertsPerToken > 0) {
      combine(row, x);
      return;
    }
#endif
#if RANKS > 1
    loadOfAllRanks(row, x);
#else
    const bf16* source = sums + row * HIDDEN_SIZE;
    if (channelScales == nullptr) {
      forVectors<HIDDEN_SIZE>([&](int v, int element) { ::load(source + element, x[v]); });
    } else {
      float rowScale = rowScales[row];
      forVectors<HIDDEN_SIZE>([&](int v, int element) {
        loadSums(source + element, rowScale, channelScales + element, x[v]);
      });
    }
#endif
  }

#if RANKS > 1
  __device__ void loadOfAllRanks(long long row, Row& x) const {
    awaitPeers(peers, step, exchange);
    const bf16* sources[RANKS];
    const e8m0* channels[RANKS];
    float scales[RANKS];
#pragma unroll
    for (int rank = 0; rank < RANKS; rank++) {
      sources[rank] = ofPeer(sums, deltaOffsets, rank) + row * HIDDEN_SIZE;
      if (channelScales != nullptr) {
        channels[rank] = ofPeer(channelScales, channelOffsets, rank);
        scales[rank] = ofPeer(rowScales, deltaOffsets, rank)[row];
      }
    }
    forVectors<HIDDEN_SIZE>([&](int v, int element) {
      float summands[RANKS][WIDTH];
#pragma unroll
      for (int rank = 0; rank < RANKS; rank++) {
        if (channelScales == nullptr) {
          ::load(sources[rank] + element, summands[rank]);
        } else {
          loadSums(
              sources[rank] + element, scales[rank], channels[rank] + element, summands[rank]);
        }
      }
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        x[v][i] = summands[0][i];
      }
#pragma unroll
      for (int rank = 1; rank < RANKS; rank++) {
        add(x[v], summands[rank]);
      }
    });
  }
#endif

#if COMBINE
  // Rows are loaded in groups, so that several loads are in flight.
  __device__ void combine(long long token, Row& x) const {
    constexpr int GROUP = 4;
    forVectors<HIDDEN_SIZE>([&](int v, int) {
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        x[v][i] = 0;
      }
    });
    for (int first = 0; first < expertsPerToken; first += GROUP) {
      const bf16* sources[GROUP];
      float factors[GROUP];
#pragma unroll
      for (int k = 0; k < GROUP; k++) {
        bool there = first + k < expertsPerToken;
        long long place = token * expertsPerToken + (there ? first + k : first);
        sources[k] = sums + (long long)tokenRows[place] * HIDDEN_SIZE;
        factors[k] = there ? weights[place] : 0;
      }
      forVectors<HIDDEN_SIZE>([&](int v, int element) {
        float summands[GROUP][WIDTH];
#pragma unroll
        for (int k = 0; k < GROUP; k++) {
          ::load(sources[k] + element, summands[k]);
        }
#pragma unroll
        for (int k = 0; k < GROUP; k++) {
#pragma unroll
          for (int i = 0; i < WIDTH; i++) {
            x[v][i] += factors[k] * summands[k][i];
          }
        }
      });
    }
  }
#endif
};

__device__ inline void addBias(Row& x, const float* bias) {
  forVectors<HIDDEN_SIZE>([&](int v, int element) {
    float added[WIDTH];
    load(bias + element, added);
    add(x[v], added);
  });
}

// Adds delta and bias to the row.
__device__ inline void addDelta(Row& x, const Delta& delta, const float* bias,
    const float* deltaWeight, float deltaMultiplier, float epsilon) {
#if NORM_DELTA || MULTIPLY
  if (!delta.isPresent() && bias == nullptr) {
    return;
  }
  Row added = {};
  if (delta.isPresent()) {
    delta.load(blockIdx.x, added);
  }
  if (bias != nullptr) {
    addBias(added, bias);
  }
#if NORM_DELTA
  normalize(added, deltaWeight, epsilon);
#endif
#if MULTIPLY
  scale(added, deltaMultiplier);
#endif
  forVectors<HIDDEN_SIZE>([&](int v, int) { add(x[v], added[v]); });
#else
  if (delta.isPresent()) {
    Row added;
    delta.load(blockIdx.x, added);
    forVectors<HIDDEN_SIZE>([&](int v, int) { add(x[v], added[v]); });
  }
  if (bias != nullptr) {
    addBias(x, bias);
  }
#endif
}

// All of a row's loads come before the first store, which could be to the same memory.
__device__ inline void complete(const Delta& delta, const float* bias, const float* deltaWeight,
    float deltaMultiplier, const int* sources, const bf16* residualIn, float sourceMultiplier,
    bf16* residualOut, const float* weight, float epsilon, Row& x) {
  long long row = blockIdx.x;
  long long source = sources == nullptr ? row : sources[row];
  forVectors<HIDDEN_SIZE>(
      [&](int v, int element) { load(residualIn + source * HIDDEN_SIZE + element, x[v]); });
#if MULTIPLY
  scale(x, sourceMultiplier);
#endif
  addDelta(x, delta, bias, deltaWeight, deltaMultiplier, epsilon);
  if (residualOut != nullptr) {
    forVectors<HIDDEN_SIZE>([&](int v, int element) {
      store(residualOut + row * HIDDEN_SIZE + element, x[v]);
    });
  }
#if NORM_DELTA
  if (weight == nullptr) {
    return;
  }
#endif
  normalize(x, weight, epsilon);
}

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm(const bf16* delta,
    const float* rowScales, const e8m0* channelScales, PEER_PARAMETERS EXPERT_PARAMETERS const float* bias,
    const float* deltaWeight, float deltaMultiplier, const int* sources, const bf16* residualIn,
    float sourceMultiplier,
    bf16* residualOut, const float* weight, float epsilon, bf16* output) {
  awaitStream();
  Row x;
  complete({delta, rowScales, channelScales PEER_ARGUMENTS EXPERT_ARGUMENTS}, bias, deltaWeight, deltaMultiplier, sources,
      residualIn, sourceMultiplier, residualOut, weight, epsilon, x);
  storeRow<HIDDEN_SIZE>(x, output);
}

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm_fp8(const bf16* delta,
    const float* rowScales, const e8m0* channelScales, PEER_PARAMETERS EXPERT_PARAMETERS const float* bias,
    const float* deltaWeight, float deltaMultiplier, const int* sources, const bf16* residualIn,
    float sourceMultiplier,
    bf16* residualOut, const float* weight, float epsilon, e4m3* output, float* scales) {
  awaitStream();
  Row x;
  complete({delta, rowScales, channelScales PEER_ARGUMENTS EXPERT_ARGUMENTS}, bias, deltaWeight, deltaMultiplier, sources,
      residualIn, sourceMultiplier, residualOut, weight, epsilon, x);
  storeRow<HIDDEN_SIZE>(x, output, scales);
}

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm_both(const bf16* delta,
    const float* rowScales, const e8m0* channelScales, PEER_PARAMETERS EXPERT_PARAMETERS const float* bias,
    const float* deltaWeight, float deltaMultiplier, const int* sources, const bf16* residualIn,
    float sourceMultiplier,
    bf16* residualOut, const float* weight, float epsilon, e4m3* output, float* scales,
    bf16* unquantized) {
  awaitStream();
  Row x;
  complete({delta, rowScales, channelScales PEER_ARGUMENTS EXPERT_ARGUMENTS}, bias, deltaWeight, deltaMultiplier, sources,
      residualIn, sourceMultiplier, residualOut, weight, epsilon, x);
  storeRow<HIDDEN_SIZE>(x, output, scales);
  storeRow<HIDDEN_SIZE>(x, unquantized);
}

#if COMBINE
extern "C" __global__ void __launch_bounds__(THREADS) combine_experts(const bf16* outputs,
    const int* tokenRows, const float* weights, int expertsPerToken, bf16* sums) {
  awaitStream();
  Delta delta = {};
  delta.sums = outputs;
  delta.tokenRows = tokenRows;
  delta.weights = weights;
  delta.expertsPerToken = expertsPerToken;
  Row x;
  delta.combine(blockIdx.x, x);
  storeRow<HIDDEN_SIZE>(x, sums);
}
#endif
