// The consumers of attention_warpgroup.cu: warpgroups that compute 64 rows of each unit.
#pragma once

#include "accumulators.cuh"
#include "attention_layout.cuh"

using Scores = float[TILE / 2];
using Output = float[STRIDE / 2];
// The softmax of scores, as left operands of matrix instructions.
using Weights = unsigned[TILE / 16][4];

__device__ inline void multiplyKeys(Scores& scores, unsigned queries, unsigned keys) {
  constexpr int PANEL_STEPS = PANEL_ELEMENTS / 16;
  unsigned left = describe(queries, 0);
  unsigned right = describe(keys, 0);
#pragma unroll
  for (int step = 0; step < STRIDE / 16; step++) {
    int panel = step / PANEL_STEPS * PANEL_BYTES;
    int depth = step % PANEL_STEPS * 32;
    multiplyShared<TILE>(scores, left + (panel * HEIGHT + depth) / 16,
        right + (panel * TILE + depth) / 16, step > 0);
  }
}

__device__ inline void multiplyValues(Output& output, const Weights& weights, unsigned values) {
  unsigned right = describe(values, TILE * PANEL_BYTES);
#pragma unroll
  for (int step = 0; step < TILE / 16; step++) {
    multiplyRegisters<STRIDE>(output, weights[step], right + step * PANEL_BYTES);
  }
}

// Of a tile's columns n * 8 + `column`, those before token `limit` of the tile: bit n each.
__device__ inline unsigned columnsBefore(int limit, int column) {
  int count = min(max((limit - column + 7) >> 3, 0), TILE / 8);
  return (1u << count) - 1;
}

__device__ inline void mask(Scores& scores, int first, const Piece& piece, const int4 (&rows)[2],
    const int* treeMasks) {
  int column = threadIdx.x % 4 * 2;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int begin = max(rows[half].y, piece.begin) - first;
    int end = min(rows[half].z, piece.end) - first;
#pragma unroll
    for (int i = 0; i < 2; i++) {
      unsigned visible = columnsBefore(end, column + i) & ~columnsBefore(begin, column + i);
      if (rows[half].w >= 0) {
#pragma unroll 1
        for (int n = 0; n < TILE / 8; n++) {
          int token = first + n * 8 + column + i;
          int node = token - rows[half].z;
          if (node >= 0 && token >= piece.begin && token < piece.end) {
            visible |= (treeMasks[rows[half].w + node / 32] >> node % 32 & 1) << n;
          }
        }
      }
#pragma unroll
      for (int n = 0; n < TILE / 8; n++) {
        if ((visible >> n & 1) == 0) {
          scores[n * 4 + half * 2 + i] = -CUDART_INF_F;
        }
      }
    }
  }
}

#if SOFT_CAP
__device__ inline void cap(Scores& scores, const Scoring& scoring) {
#pragma unroll
  for (int i = 0; i < TILE / 2; i++) {
    scoring.cap(scores[i]);
  }
}
#endif

#if KV_FP8
// Multiplies a tile's columns by their tokens' scales.
__device__ inline void scaleColumns(Scores& scores, unsigned scales, float factor) {
#pragma unroll
  for (int n = 0; n < TILE / 8; n++) {
    float low;
    float high;
    asm volatile("ld.shared.v2.f32 {%0, %1}, [%2];"
                 : "=f"(low), "=f"(high)
                 : "r"(scales + (n * 8 + threadIdx.x % 4 * 2) * 4));
    scores[n * 4] *= low * factor;
    scores[n * 4 + 1] *= high * factor;
    scores[n * 4 + 2] *= low * factor;
    scores[n * 4 + 3] *= high * factor;
  }
}
#endif

// The running softmax of a thread's two rows.
struct Softmax {
  float factor;
  float largest[2] = {-CUDART_INF_F, -CUDART_INF_F};
  float sum[2] = {0, 0};
  float rescale[2];

  __device__ Softmax(float factor) : factor(factor) {}

  // Turns scores into weights relative to the largest score so far. Returns whether the sums so far
  // must be rescaled in any thread of the warp.
  __device__ bool add(Scores& scores) {
    bool changed = false;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float most = largest[half];
#pragma unroll
      for (int n = 0; n < TILE / 8; n++) {
        most = fmaxf(most, fmaxf(scores[n * 4 + half * 2], scores[n * 4 + half * 2 + 1]));
      }
      most = fmaxf(most, __shfl_xor_sync(FULL_WARP, most, 1));
      most = fmaxf(most, __shfl_xor_sync(FULL_WARP, most, 2));
      // If nothing is visible yet, any finite number.
      float base = most == -CUDART_INF_F ? 0 : most * factor;
      changed |= most != largest[half];
      rescale[half] = power2(largest[half] * factor - base);
      largest[half] = most;
      float added = 0;
#pragma unroll
      for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
          float& score = scores[n * 4 + half * 2 + i];
          score = power2(score * factor - base);
          added += score;
        }
      }
      sum[half] = sum[half] * rescale[half] + added;
    }
    return __any_sync(FULL_WARP, changed);
  }
};

__device__ inline void pack(Weights& weights, const Scores& scores) {
#pragma unroll
  for (int step = 0; step < TILE / 16; step++) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
      weights[step][i] = pack(scores[step * 8 + i * 2], scores[step * 8 + i * 2 + 1]);
    }
  }
}

__device__ inline void storeRows(const Output& output, const Softmax& softmax, const Target& target,
    int firstRow, const int4 (&rows)[2]) {
  int lane = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float sum = reduceLanes(softmax.sum[half], 4, Sum());
    int row = firstRow + half * 8;
    bool stores = target.has(row);
    float all = target.withSink(sum, row, softmax.largest[half] * softmax.factor);
    float inverse = all == 0 ? 0 : OUTPUT_FACTOR / all;
    long long index = target.rowIndex(row, rows[half].x);
    if (target.isPartial()) {
      if (stores) {
#pragma unroll
        for (int n = 0; n < STRIDE / 8; n++) {
          target.store(index, n * 8 + lane * 2, output[n * 4 + half * 2] * inverse,
              output[n * 4 + half * 2 + 1] * inverse);
        }
        if (lane == 0) {
          target.storeLogSum(index, softmax.largest[half] * softmax.factor + log2f(sum));
        }
      }
    } else {
#pragma unroll
      for (int n = 0; n < STRIDE / 8; n += 4) {
        unsigned pairs[4];
#pragma unroll
        for (int i = 0; i < 4; i++) {
          int place = (n + i) * 4 + half * 2;
          __nv_bfloat162 pair =
              __floats2bfloat162_rn(output[place] * inverse, output[place + 1] * inverse);
          pairs[i] = *reinterpret_cast<unsigned*>(&pair);
        }
        uint4 chunk = gatherChunk(pairs);
        if (stores) {
          reinterpret_cast<uint4*>(target.output + index * HEAD_SIZE)[n + lane] = chunk;
        }
      }
    }
  }
}

// The rows of one unit that one warpgroup computes.
struct Consumer {
  const Arguments& arguments;
  unsigned shared;
  int warpgroup;
  QueryChannel queries;
  TileChannel keys;
  TileChannel values;

  __device__ Consumer(const Arguments& arguments, unsigned shared, int warpgroup)
      : arguments(arguments), shared(shared), warpgroup(warpgroup), queries(queryChannel(shared)),
        keys(tileChannel(shared, 0)), values(tileChannel(shared, 1)) {}

  __device__ void issueScores(Scores& scores) {
    keys.awaitFull();
    hold(scores);
    beginMma();
    multiplyKeys(scores, queries.buffer() + warpgroup * 64 * PANEL_BYTES, keys.buffer());
    commitMma();
  }

  // Masks the scores that are computed, and turns them into weights.
  __device__ bool finishScores(Scores& scores, Softmax& softmax, const Piece& piece, int first,
      const int4 (&rows)[2]) {
    hold(scores);
#if KV_FP8
    scaleColumns(scores, scalesOf(shared, 0, keys.stage), BIAS_FACTOR);
#endif
    keys.release();
#if SOFT_CAP
    cap(scores, Scoring(arguments.scale, arguments.softCap));
#endif
    if (first < max(piece.begin, piece.unmaskedBegin) ||
        first + TILE > min(piece.end, piece.unmaskedEnd)) {
      mask(scores, first, piece, rows, arguments.treeMasks);
    }
    return softmax.add(scores);
  }

  // Waits for the multiplication by values in flight, and prepares the left operands of the next.
  __device__ void settle(Output& output, Weights& weights, Scores& scores, const Softmax& softmax,
      bool multiplies, bool rescales) {
    awaitMma<0>();
    hold(output);
    hold(weights);
    if (multiplies) {
      values.release();
    }
    if (rescales) {
#pragma unroll
      for (int i = 0; i < STRIDE / 2; i++) {
        output[i] *= softmax.rescale[i / 2 % 2];
      }
    }
#if KV_FP8
    values.awaitFull();
    scaleColumns(scores, scalesOf(shared, 1, values.stage), WEIGHT_BOOST);
#endif
    pack(weights, scores);
  }

  __device__ void issueValues(Output& output, Weights& weights) {
    values.awaitFull();
    hold(output);
    hold(weights);
    beginMma();
    multiplyValues(output, weights, values.buffer());
    commitMma();
  }

  __device__ void attend(const Unit& unit, int head) {
    int thread = threadIdx.x % WARPGROUP;
    // The thread's rows are this one and the eighth after it.
    int firstRow = warpgroup * 64 + thread / 32 * 16 + thread % 32 / 4;
    Piece piece = unit.piece;
    int4 rows[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
      rows[half] = unit.rows[min((firstRow + half * 8) / GROUP, piece.rowCount - 1)];
    }
    Softmax softmax(Scoring(arguments.scale, arguments.softCap).factor);
    Output output;
#pragma unroll
    for (int i = 0; i < STRIDE / 2; i++) {
      output[i] = 0;
    }
    Scores scores;
    Weights weights;
    bool multiplies = false;
    bool rescales = false;
    int tile = piece.begin / TILE;
    int endTile = (piece.end + TILE - 1) / TILE;
    issueScores(scores);
    awaitMma<0>();
    finishScores(scores, softmax, piece, tile * TILE, rows);
    // The wait for the multiplication by values must be at the start of the loop. Without the jump
    // in between, the compiler would move it before the softmax that is to overlap with it.
    for (tile++; tile < endTile; tile++) {
      settle(output, weights, scores, softmax, multiplies, rescales);
      issueScores(scores);
      issueValues(output, weights);
      multiplies = true;
      awaitMma<1>();
      rescales = finishScores(scores, softmax, piece, tile * TILE, rows);
    }
    queries.release();
    settle(output, weights, scores, softmax, multiplies, rescales);
    issueValues(output, weights);
    awaitMma<0>();
    hold(output);
    values.release();
    Target target = {piece, arguments.output, arguments.partials, arguments.partialLogSums,
        arguments.sinks, head, arguments.keyValueHeads * GROUP};
    storeRows(output, softmax, target, firstRow, rows);
  }
};

__device__ inline void consume(
    const Arguments& arguments, unsigned address, const unsigned char* shared) {
  // The same in all lanes, so that the compiler keeps what depends on it in uniform registers.
  int warpgroup = __shfl_sync(FULL_WARP, threadIdx.x / WARPGROUP, 0) - PRODUCER_WARPGROUPS;
  Consumer consumer(arguments, address, warpgroup);
  for (int round = 0;; round++) {
    consumer.queries.awaitFull();
    const Unit& unit = reinterpret_cast<const Unit*>(shared + UNITS)[consumer.queries.stage];
    if (unit.piece.rowCount == 0) {
      return;
    }
    consumer.attend(unit, unitOf(round) % arguments.keyValueHeads);
  }
}
