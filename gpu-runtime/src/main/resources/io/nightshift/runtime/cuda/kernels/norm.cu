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
//       Peers peers, u64 step, i32 number,    of the exchange; not read if delta is null
//       i64 offsets[RANKS], i64 channelOffsets[RANKS],   of the allocation with delta, its row scales,
//                                           residualIn and all outputs, and of that with channelScales
//       i32 rows, i32 ownRows,              in two shots: all rows, and those of a rank; ownRows 0: in one
//       i32 sourceRows,                     rows of a rank, if residualIn is divided among the ranks; else 0
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
//     grid rows, or ownRows in two shots; block rowThreads(HIDDEN_SIZE)
//
// combine_experts(bf16 outputs[][HIDDEN_SIZE], i32 tokenRows[rows][expertsPerToken],
//     f32 weights[rows][expertsPerToken], i32 expertsPerToken, bf16 sums[rows][HIDDEN_SIZE],
//     i64 offsets[RANKS], i32 rank, i32 ownRows)
//     with COMBINE and RANKS > 1 only: the weighted sums of experts' rows, which are this rank's partial
//     sums; in two shots, sums[RANKS][ownRows][HIDDEN_SIZE] of the rank that completes the row
//     grid rows, block rowThreads(HIDDEN_SIZE)
//
// The kernel is also the embedding lookup (residualIn is the embedding, sources are token ids, delta
// is null) and the compaction to the rows that the last layer keeps. Sums and norms are f32; the norm is
// of the sum before it is rounded to bf16. GEMMs of bf16 weights add to the residual stream in their
// epilogue, multiplied there, unless their output is normed: then there is no delta, and no residualOut
// unless there is a bias; the norm is of the rounded sum.
//
// With several ranks, delta is a partial sum, and this is the all-reduce of tensor parallelism. The partial
// sums of the ranks are added in the order of the ranks. In one shot, each rank reads those of all rows from
// the memory of the others: all have the same bits. That is best for few rows, since ranks wait for one
// another only once: nobody waits before partial sums are overwritten, because two buffers are used in turn,
// and a rank that arrives at an exchange has ended the one before. In two shots, the rows are divided among
// the ranks. GEMMs write the partial sums of a row to the rank that completes it, so that they travel while
// the GEMM computes: delta has those of all ranks, [RANKS][ownRows][HIDDEN_SIZE]. That rank completes, norms
// and quantizes the row, and writes the output to the memory of all (a reduce-scatter and an all-gather, with
// what is between them done once: Korthikanti et al., "Reducing activation recomputation in large transformer
// models", 2022). The residual stream is then divided among the ranks.
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
#define PEER_PARAMETERS                                                                   \
  const Peers *peers, const unsigned long long *step, int number, const long long *offsets, \
      const long long *channelOffsets, int rows, int ownRows, int sourceRows,
#define PEER_ARGUMENTS {peers, step, number, offsets, channelOffsets, rows, ownRows, sourceRows}

// The exchange of a launch with the other ranks.
struct Exchange {
  const Peers* peers;
  const unsigned long long* step;
  int number;
  const long long* offsets;
  const long long* channelOffsets;
  int rows;
  int ownRows;
  int sourceRows;

  __device__ bool isDivided() const { return ownRows > 0; }

  // Waits for the partial sums of the other ranks, if there are some.
  __device__ void begin(bool hasDelta) const {
    if (hasDelta) {
      awaitPeers(peers, step, number);
    }
  }

  // The block's row; at least `rows` if there is none left for it.
  __device__ long long row() const {
    return isDivided() ? (long long)peers->rank * ownRows + blockIdx.x : blockIdx.x;
  }

  __device__ bool hasRow() const { return !isDivided() || row() < rows; }

  // Calls body(target) for the place in the memory of each rank that gets an output.
  template <typename T, typename Body> __device__ void forTargets(T* output, Body body) const {
    if (!isDivided()) {
      body(output);
      return;
    }
#pragma unroll
    for (int rank = 0; rank < RANKS; rank++) {
      body(ofPeer(output, offsets, rank));
    }
  }

  // A rank's partial sums of the block's row: in two shots, all are in the memory of this rank.
  __device__ const bf16* partialSums(const bf16* sums, int rank) const {
    return isDivided() ? sums + ((long long)rank * ownRows + blockIdx.x) * HIDDEN_SIZE
                       : ofPeer(sums, offsets, rank) + row() * HIDDEN_SIZE;
  }

  // A row of the residual stream, in the memory of the rank that has completed it.
  __device__ const bf16* residualRow(const bf16* residual, long long source) const {
    const bf16* owner =
        sourceRows > 0 ? ofPeer(residual, offsets, (int)(source / sourceRows)) : residual;
    return owner + source * HIDDEN_SIZE;
  }

  // In two shots, ends once the outputs of all ranks are here.
  __device__ void end() const {
    if (isDivided()) {
      awaitOutputs(peers, step, number + 1);
    }
  }
};
#else
#define PEER_PARAMETERS
#define PEER_ARGUMENTS {}

struct Exchange {
  __device__ void begin(bool) const {}
  __device__ long long row() const { return blockIdx.x; }
  __device__ bool hasRow() const { return true; }
  template <typename T, typename Body> __device__ void forTargets(T* output, Body body) const {
    body(output);
  }
  __device__ const bf16* residualRow(const bf16* residual, long long source) const {
    return residual + source * HIDDEN_SIZE;
  }
  __device__ void end() const {}
};
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
#if COMBINE
  const int* tokenRows;
  const float* weights;
  int expertsPerToken;
#endif

  __device__ bool isPresent() const { return sums != nullptr; }

  __device__ void load(const Exchange& exchange, Row& x) const {
    long long row = exchange.row();
#if COMBINE
    if (expertsPerToken > 0) {
      combine(row, x);
      return;
    }
#endif
#if RANKS > 1
    loadOfAllRanks(exchange, row, x);
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
  __device__ void loadOfAllRanks(const Exchange& exchange, long long row, Row& x) const {
    const bf16* sources[RANKS];
    const e8m0* channels[RANKS];
    float scales[RANKS];
#pragma unroll
    for (int rank = 0; rank < RANKS; rank++) {
      sources[rank] = exchange.partialSums(sums, rank);
      if (channelScales != nullptr) {
        channels[rank] = ofPeer(channelScales, exchange.channelOffsets, rank);
        scales[rank] = ofPeer(rowScales, exchange.offsets, rank)[row];
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
__device__ inline void addDelta(Row& x, const Exchange& exchange, const Delta& delta, const float* bias,
    const float* deltaWeight, float deltaMultiplier, float epsilon) {
#if NORM_DELTA || MULTIPLY
  if (!delta.isPresent() && bias == nullptr) {
    return;
  }
  Row added = {};
  if (delta.isPresent()) {
    delta.load(exchange, added);
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
    delta.load(exchange, added);
    forVectors<HIDDEN_SIZE>([&](int v, int) { add(x[v], added[v]); });
  }
  if (bias != nullptr) {
    addBias(x, bias);
  }
#endif
}

// All of a row's loads come before the first store, which could be to the same memory.
__device__ inline void complete(const Exchange& exchange, const Delta& delta, const float* bias,
    const float* deltaWeight, float deltaMultiplier, const int* sources, const bf16* residualIn,
    float sourceMultiplier, bf16* residualOut, const float* weight, float epsilon, Row& x) {
  long long row = exchange.row();
  const bf16* residual =
      exchange.residualRow(residualIn, sources == nullptr ? row : sources[row]);
  forVectors<HIDDEN_SIZE>([&](int v, int element) { load(residual + element, x[v]); });
#if MULTIPLY
  scale(x, sourceMultiplier);
#endif
  addDelta(x, exchange, delta, bias, deltaWeight, deltaMultiplier, epsilon);
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

__device__ inline void storeOutput(const Exchange& exchange, const Row& x, bf16* output) {
  exchange.forTargets(output + exchange.row() * HIDDEN_SIZE, [&](bf16* target) {
    forVectors<HIDDEN_SIZE>([&](int v, int element) { store(target + element, x[v]); });
  });
}

__device__ inline void storeOutput(
    const Exchange& exchange, const Row& x, e4m3* output, float* scales) {
  float largest = largestOfRow<HIDDEN_SIZE>(x);
  float factor = quantizationFactor(largest);
  exchange.forTargets(output + exchange.row() * HIDDEN_SIZE, [&](e4m3* target) {
    forVectors<HIDDEN_SIZE>([&](int v, int element) { store(target + element, x[v], factor); });
  });
  if (threadIdx.x == 0) {
    exchange.forTargets(
        scales + exchange.row(), [&](float* target) { *target = largest / E4M3_LARGEST; });
  }
}

#define PARAMETERS                                                                              \
  const bf16 *delta, const float *rowScales, const e8m0 *channelScales,                         \
      PEER_PARAMETERS EXPERT_PARAMETERS const float *bias, const float *deltaWeight,            \
      float deltaMultiplier, const int *sources, const bf16 *residualIn, float sourceMultiplier, \
      bf16 *residualOut, const float *weight, float epsilon

// The body of a kernel, which stores the completed and normed row `x` with `stores`.
#define COMPLETE_AND(stores)                                                                    \
  Exchange exchange PEER_ARGUMENTS;                                                             \
  exchange.begin(delta != nullptr);                                                             \
  if (exchange.hasRow()) {                                                                      \
    Row x;                                                                                      \
    complete(exchange, {delta, rowScales, channelScales EXPERT_ARGUMENTS}, bias, deltaWeight,   \
        deltaMultiplier, sources, residualIn, sourceMultiplier, residualOut, weight, epsilon, x); \
    stores;                                                                                     \
  }                                                                                             \
  exchange.end();

extern "C" __global__ void __launch_bounds__(THREADS) add_rms_norm(PARAMETERS, bf16* output) {
  awaitStream();
  COMPLETE_AND(storeOutput(exchange, x, output))
}

extern "C" __global__ void __launch_bounds__(THREADS)
    add_rms_norm_fp8(PARAMETERS, e4m3* output, float* scales) {
  awaitStream();
  COMPLETE_AND(storeOutput(exchange, x, output, scales))
}

extern "C" __global__ void __launch_bounds__(THREADS)
    add_rms_norm_both(PARAMETERS, e4m3* output, float* scales, bf16* unquantized) {
  awaitStream();
  COMPLETE_AND(storeOutput(exchange, x, output, scales); storeOutput(exchange, x, unquantized))
}

#if COMBINE && RANKS > 1
extern "C" __global__ void __launch_bounds__(THREADS) combine_experts(const bf16* outputs,
    const int* tokenRows, const float* weights, int expertsPerToken, bf16* sums,
    const long long* offsets, int rank, int ownRows) {
  awaitStream();
  Delta delta = {};
  delta.sums = outputs;
  delta.tokenRows = tokenRows;
  delta.weights = weights;
  delta.expertsPerToken = expertsPerToken;
  Row x;
  delta.combine(blockIdx.x, x);
  bf16* target = sums + (long long)blockIdx.x * HIDDEN_SIZE;
  if (ownRows > 0) {
    long long place = (long long)rank * ownRows + blockIdx.x % ownRows;
    target = ofPeer(sums, offsets, blockIdx.x / ownRows) + place * HIDDEN_SIZE;
  }
  forVectors<HIDDEN_SIZE>([&](int v, int element) { store(target + element, x[v]); });
}
#endif
