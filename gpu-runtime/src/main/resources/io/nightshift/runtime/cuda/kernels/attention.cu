// Flash attention (Dao, "FlashAttention-2", 2023) over ragged queries and paged keys and values (Kwon
// et al., "PagedAttention", 2023), on tensor cores (mma.sync). One kernel in three tile heights, whose
// work is a list of pieces that the host plans (AttentionPlanner in Java). A piece is some query tokens
// against a range of a context; all query heads of one KV head are packed into the rows of a tile. If a
// piece is only part of its rows' context, it leaves f32 partial results, which merge_attention combines
// (Dao et al., "Flash-Decoding", 2023). On Hopper, attention_warpgroup.cu computes the highest tiles of
// most heads.
//
// Compiled with -DHEAD_SIZE -DQUERY_GROUP -DBLOCK_SIZE -DKV_FP8=0|1 -DSOFT_CAP=0|1 -DSINKS=0|1;
// QUERY_GROUP is the number of query heads of a KV head.
//
// attention_16 | attention_64 | attention_128(
//     bf16 queries[tokens][heads][headStride],
//     keys, values, f32 keyScales, f32 valueScales,        planes of the layer; scales: see common.cuh
//     i32 pieces[][8], i32 rows[][4], i32 treeMasks[], i32 blockTables[],
//     bf16 output[tokens][heads * HEAD_SIZE],
//     f32 partials[][heads][HEAD_SIZE], f32 partialLogSums[][heads],
//     i32 keyValueHeads,
//     f32 scale,                                           of the products of queries and keys
//     f32 softCap,                                         scores s become softCap * tanh(s / softCap)
//                                                          before they are masked; not read without
//                                                          SOFT_CAP
//     f32 sinks[heads])                                    scores that take part in the softmax of each
//                                                          head, without value; not read without SINKS
//     grid pieces * keyValueHeads; block and dynamic shared memory: AttentionShape.launch in Java
// merge_attention(f32 partials[][heads][HEAD_SIZE], f32 partialLogSums[][heads], i32 merges[][4],
//     i32 mergeSources[], bf16 output[tokens][heads * HEAD_SIZE], f32 sinks[heads], i32 heads)
//     grid (merges, ceil(heads / 8)), block 256
//
// The lists, which are AttentionPlan in Java:
//     pieces: index of the first row, number of rows (query tokens), index in blockTables of context
//         block 0, first context token and the one behind the last, first context token that all rows
//         see and the one behind the last, index of the first partial result (-1: the piece is all
//         there is, and writes output; else row i writes partial result first + i)
//     rows: token (row of queries and output), first visible context token and the one behind the last,
//         tree mask (-1: none; else index in treeMasks of a bit set: context token end + i is visible
//         if bit i is set)
//     blockTables: the block of each BLOCK_SIZE tokens of a context
//     merges: token, index of its first source in mergeSources, number of sources, 0
//     mergeSources: indices of partial results
//
// A step makes a plan for each sliding window that layers have, which all layers with this window use: a
// launch for each tile height that has pieces, then the merge if there are merges. A piece without rows
// and a merge without sources do nothing, so that lists can be padded at their ends to the size of a CUDA
// graph.
#include "attention.cuh"
#include "paged_tile.cuh"

constexpr int DEPTH_STEPS = STRIDE / 16;

// Bytes between rows of a tile in shared memory: an odd number of 16-byte chunks, so that the eight
// rows of a matrix that ldmatrix reads lie in different banks.
__device__ constexpr int pitchOf(int bytes) {
  return bytes / 16 % 2 == 1 ? bytes : bytes + 16;
}

constexpr int QUERY_PITCH = pitchOf(STRIDE * 2);
constexpr int CACHED_PITCH = pitchOf(STRIDE * (int)sizeof(Cached));

// ROW_WARPS warps with ROW_TILES tiles of 16 rows each share TILE tokens of keys and values at a
// time; STREAMS such groups take turns with the context's tiles, each with STAGES buffers.
template <int ROW_TILES_, int ROW_WARPS_, int STREAMS_, int TILE_, int STAGES_> struct Shape {
  static constexpr int ROW_TILES = ROW_TILES_;
  static constexpr int ROW_WARPS = ROW_WARPS_;
  static constexpr int STREAMS = STREAMS_;
  static constexpr int TILE = TILE_;
  static constexpr int STAGES = STAGES_;
  static constexpr int HEIGHT = 16 * ROW_TILES * ROW_WARPS;
  static constexpr int STREAM_THREADS = 32 * ROW_WARPS;
  static constexpr int THREADS = STREAM_THREADS * STREAMS;
  static constexpr int SCALE_BYTES = KV_FP8 ? TILE * 4 : 0;
  static constexpr int STAGE_BYTES = 2 * (TILE * CACHED_PITCH + SCALE_BYTES);
  static constexpr int MASK_BYTES = HEIGHT * 12;
  static constexpr int QUERY_BYTES = HEIGHT * QUERY_PITCH;
  static constexpr int STREAM_BYTES = STREAMS * STAGES * STAGE_BYTES;
  static constexpr int RESULT_BYTES = STREAMS > 1 ? STREAMS * HEIGHT * (STRIDE + 2) * 4 : 0;
  static constexpr int SHARED_BYTES =
      MASK_BYTES + QUERY_BYTES + (STREAM_BYTES > RESULT_BYTES ? STREAM_BYTES : RESULT_BYTES);
  // Queries stay in registers if there is room.
  static constexpr bool KEEPS_QUERIES = ROW_TILES == 1 && STRIDE <= 128;
};

// AttentionShape in Java has the same numbers.
#ifndef DECODE_TILE
#define DECODE_TILE (STRIDE > 64 && !KV_FP8 ? 16 : 32)
#endif
#ifndef DECODE_STAGES
#define DECODE_STAGES 2
#endif
#ifndef DECODE_STREAMS
#define DECODE_STREAMS (KV_FP8 ? 1 : 2)
#endif
#ifndef DECODE_BLOCKS
#define DECODE_BLOCKS (STRIDE > 128 ? 1 : 12 / DECODE_STREAMS)
#endif
#ifndef PREFILL_TILE
#define PREFILL_TILE (STRIDE > 128 || STRIDE <= 64 || KV_FP8 ? 32 : 64)
#endif
using Shape16 = Shape<1, 1, DECODE_STREAMS, DECODE_TILE, DECODE_STAGES>;
using Shape64 = Shape<1, 4, 1, PREFILL_TILE, 2>;
// For the largest heads, the accumulators of two row tiles do not fit into the registers.
using Shape128 = Shape<(STRIDE > 128 ? 1 : 2), (STRIDE > 128 ? 8 : 4), 1, PREFILL_TILE, 2>;

__device__ inline void loadMatrices(unsigned (&matrix)[4], unsigned address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(matrix[0]), "=r"(matrix[1]), "=r"(matrix[2]), "=r"(matrix[3])
               : "r"(address));
}

__device__ inline void loadTransposed(unsigned (&matrix)[4], unsigned address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(matrix[0]), "=r"(matrix[1]), "=r"(matrix[2]), "=r"(matrix[3])
               : "r"(address));
}

__device__ inline void multiply(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if KV_FP8
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
#else
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
#endif
               "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

template <typename S> struct Tile {
  unsigned keys;
  unsigned values;
  unsigned keyScales;
  unsigned valueScales;

  __device__ Tile(unsigned buffers, int stage) {
    keys = buffers + stage * S::STAGE_BYTES;
    values = keys + S::TILE * CACHED_PITCH;
    keyScales = values + S::TILE * CACHED_PITCH;
    valueScales = keyScales + S::SCALE_BYTES;
  }
};

// The tokens of one KV head, and their copies to shared memory.
template <typename S> struct Context {
  const Cached* keys;
  const Cached* values;
  const float* keyScales;
  const float* valueScales;
  const int* blockTable;
  int head;
  int heads;
  int begin;
  int end;

  __device__ int blockOf(int tile) const {
    return PagedTile<S::TILE>::lookUp(blockTable, tile * S::TILE, begin, end);
  }

  __device__ void copy(int tileIndex, int laneBlock, Tile<S> tile, int thread) const {
    PagedTile<S::TILE> source = {heads, head, tileIndex * S::TILE, begin, end, laneBlock};
    auto offset = [](unsigned row, unsigned chunk) { return row * CACHED_PITCH + chunk * 16; };
    source.template copyRows<S::STREAM_THREADS>(keys, thread,
        [&](unsigned row, unsigned chunk) { return tile.keys + offset(row, chunk); });
    source.template copyRows<S::STREAM_THREADS>(values, thread,
        [&](unsigned row, unsigned chunk) { return tile.values + offset(row, chunk); });
#if KV_FP8
#pragma unroll
    for (unsigned i = 0; i < (S::TILE + S::STREAM_THREADS - 1) / S::STREAM_THREADS; i++) {
      unsigned row = thread + i * S::STREAM_THREADS;
      long long slot = source.slot(row);
      if (S::TILE % S::STREAM_THREADS == 0 || row < S::TILE) {
        int bytes = source.has(row) ? 4 : 0;
        copyWord(tile.keyScales + row * 4, keyScales + slot, bytes);
        copyWord(tile.valueScales + row * 4, valueScales + slot, bytes);
      }
    }
#endif
  }
};

// The running softmax of a warp's rows: lane l has columns of rows l / 4 and l / 4 + 8 of each tile.
template <typename S> struct Accumulator {
  float output[S::ROW_TILES][STRIDE / 8][4];
  float largest[S::ROW_TILES][2];
  float sum[S::ROW_TILES][2];

  __device__ Accumulator() {
#pragma unroll
    for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
      for (int n = 0; n < STRIDE / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          output[t][n][i] = 0;
        }
      }
#pragma unroll
      for (int i = 0; i < 2; i++) {
        largest[t][i] = -CUDART_INF_F;
        sum[t][i] = 0;
      }
    }
  }
};

template <typename S> using Scores = float[S::ROW_TILES][S::TILE / 8][4];

__device__ inline void loadQueries(unsigned (&fragment)[4], unsigned rows, int step) {
  int lane = threadIdx.x % 32;
  loadMatrices(fragment, rows + lane % 16 * QUERY_PITCH + step * 32 + lane / 16 * 16);
}

template <typename S>
__device__ inline void multiplyKeys(Scores<S>& scores, unsigned queryRows,
    const unsigned (&kept)[S::KEEPS_QUERIES ? DEPTH_STEPS : 1][4], const Tile<S>& tile) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int step = 0; step < DEPTH_STEPS; step++) {
    unsigned query[S::ROW_TILES][4];
#pragma unroll
    for (int t = 0; t < S::ROW_TILES; t++) {
      if constexpr (S::KEEPS_QUERIES) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          query[t][i] = kept[step][i];
        }
      } else {
        loadQueries(query[t], queryRows + t * 16 * QUERY_PITCH, step);
      }
    }
#if KV_FP8
#pragma unroll
    for (int n = 0; n < S::TILE / 32; n++) {
      unsigned key[4];
      loadMatrices(key, tile.keys + (n * 32 + lane) * CACHED_PITCH + step * 16);
#pragma unroll
      for (int i = 0; i < 4; i++) {
        unsigned low;
        unsigned high;
        widen(key[i], low, high);
#pragma unroll
        for (int t = 0; t < S::ROW_TILES; t++) {
          multiply(scores[t][n * 4 + i], query[t], low, high);
        }
      }
    }
#else
#pragma unroll
    for (int n = 0; n < S::TILE / 16; n++) {
      unsigned key[4];
      int row = n * 16 + lane % 8 + lane / 16 * 8;
      loadMatrices(key, tile.keys + row * CACHED_PITCH + step * 32 + lane / 8 % 2 * 16);
#pragma unroll
      for (int t = 0; t < S::ROW_TILES; t++) {
        multiply(scores[t][n * 2], query[t], key[0], key[1]);
        multiply(scores[t][n * 2 + 1], query[t], key[2], key[3]);
      }
    }
#endif
  }
}

template <typename S>
__device__ inline void multiplyValues(
    Accumulator<S>& result, const Scores<S>& weights, const Tile<S>& tile) {
  int lane = threadIdx.x % 32;
#if KV_FP8
#pragma unroll
  for (int pair = 0; pair < S::TILE / 32; pair++) {
    unsigned weight[2][S::ROW_TILES][4];
#pragma unroll
    for (int half = 0; half < 2; half++) {
#pragma unroll
      for (int t = 0; t < S::ROW_TILES; t++) {
        int n = pair * 4 + half * 2;
        weight[half][t][0] = pack(weights[t][n][0], weights[t][n][1]);
        weight[half][t][1] = pack(weights[t][n][2], weights[t][n][3]);
        weight[half][t][2] = pack(weights[t][n + 1][0], weights[t][n + 1][1]);
        weight[half][t][3] = pack(weights[t][n + 1][2], weights[t][n + 1][3]);
      }
    }
#pragma unroll
    for (int n = 0; n < STRIDE / 16; n++) {
      unsigned value[4];
      loadTransposed(value, tile.values + (pair * 32 + lane) * CACHED_PITCH + n * 16);
#pragma unroll
      for (int half = 0; half < 2; half++) {
        // A register has two neighbouring elements of two tokens: even elements go to one
        // accumulator, odd ones to the next.
        unsigned even[2];
        unsigned odd[2];
#pragma unroll
        for (int i = 0; i < 2; i++) {
          widen(__byte_perm(value[half * 2 + i], 0, 0x3120), even[i], odd[i]);
        }
#pragma unroll
        for (int t = 0; t < S::ROW_TILES; t++) {
          multiply(result.output[t][n * 2], weight[half][t], even[0], even[1]);
          multiply(result.output[t][n * 2 + 1], weight[half][t], odd[0], odd[1]);
        }
      }
    }
  }
#else
#pragma unroll
  for (int step = 0; step < S::TILE / 16; step++) {
    unsigned weight[S::ROW_TILES][4];
#pragma unroll
    for (int t = 0; t < S::ROW_TILES; t++) {
      weight[t][0] = pack(weights[t][step * 2][0], weights[t][step * 2][1]);
      weight[t][1] = pack(weights[t][step * 2][2], weights[t][step * 2][3]);
      weight[t][2] = pack(weights[t][step * 2 + 1][0], weights[t][step * 2 + 1][1]);
      weight[t][3] = pack(weights[t][step * 2 + 1][2], weights[t][step * 2 + 1][3]);
    }
#pragma unroll
    for (int n = 0; n < STRIDE / 16; n++) {
      unsigned value[4];
      loadTransposed(value,
          tile.values + (step * 16 + lane % 16) * CACHED_PITCH + n * 32 + lane / 16 * 16);
#pragma unroll
      for (int t = 0; t < S::ROW_TILES; t++) {
        multiply(result.output[t][n * 2], weight[t], value[0], value[1]);
        multiply(result.output[t][n * 2 + 1], weight[t], value[2], value[3]);
      }
    }
  }
#endif
}

// The context tokens that each row of the tile sees.
template <typename S> struct Visibility {
  int begin[S::HEIGHT];
  int end[S::HEIGHT];
  int tree[S::HEIGHT];
};

template <typename S>
__device__ inline void mask(Scores<S>& scores, int firstToken, const Piece& piece, int firstRow,
    const Visibility<S>& visibility, const int* treeMasks) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = firstRow + t * 16 + half * 8 + lane / 4;
      int begin = visibility.begin[row];
      int end = visibility.end[row];
      int tree = visibility.tree[row];
#pragma unroll
      for (int n = 0; n < S::TILE / 8; n++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
          int token = firstToken + n * 8 + lane % 4 * 2 + i;
          bool visible = token >= begin && token < end;
          if (tree >= 0 && token >= end && token < piece.end) {
            int node = token - end;
            visible = (treeMasks[tree + node / 32] >> (node % 32) & 1) != 0;
          }
          if (!visible || token < piece.begin || token >= piece.end) {
            scores[t][n][half * 2 + i] = -CUDART_INF_F;
          }
        }
      }
    }
  }
}

// Turns scores into weights relative to the largest score so far, and rescales the sums so far.
template <typename S>
__device__ inline void softmax(Accumulator<S>& result, Scores<S>& scores, float factor) {
  float rescale[S::ROW_TILES][2];
  bool changed = false;
#pragma unroll
  for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float largest = result.largest[t][half];
#pragma unroll
      for (int n = 0; n < S::TILE / 8; n++) {
        largest = fmaxf(largest, fmaxf(scores[t][n][half * 2], scores[t][n][half * 2 + 1]));
      }
      largest = fmaxf(largest, __shfl_xor_sync(FULL_WARP, largest, 1));
      largest = fmaxf(largest, __shfl_xor_sync(FULL_WARP, largest, 2));
      // If nothing is visible yet, any finite number.
      float base = largest == -CUDART_INF_F ? 0 : largest * factor;
      changed |= largest != result.largest[t][half];
      rescale[t][half] = power2(result.largest[t][half] * factor - base);
      float sum = 0;
#pragma unroll
      for (int n = 0; n < S::TILE / 8; n++) {
#pragma unroll
        for (int i = half * 2; i < half * 2 + 2; i++) {
          scores[t][n][i] = power2(scores[t][n][i] * factor - base);
          sum += scores[t][n][i];
        }
      }
      result.largest[t][half] = largest;
      result.sum[t][half] = result.sum[t][half] * rescale[t][half] + sum;
    }
  }
  // In most tiles, no row has a larger score.
  if (__any_sync(FULL_WARP, changed)) {
#pragma unroll
    for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
      for (int n = 0; n < STRIDE / 8; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
          result.output[t][n][i] *= rescale[t][i / 2];
        }
      }
    }
  }
}

#if SOFT_CAP
template <typename S>
__device__ inline void cap(Scores<S>& scores, const Scoring& scoring) {
#pragma unroll
  for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
    for (int n = 0; n < S::TILE / 8; n++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        scoring.cap(scores[t][n][i]);
      }
    }
  }
}
#endif

#if KV_FP8
template <typename S>
__device__ inline void scaleColumns(Scores<S>& scores, unsigned scales, float factor) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int n = 0; n < S::TILE / 8; n++) {
    float low;
    float high;
    asm volatile("ld.shared.v2.f32 {%0, %1}, [%2];"
                 : "=f"(low), "=f"(high)
                 : "r"(scales + (n * 8 + lane % 4 * 2) * 4));
#pragma unroll
    for (int t = 0; t < S::ROW_TILES; t++) {
      scores[t][n][0] *= low * factor;
      scores[t][n][1] *= high * factor;
      scores[t][n][2] *= low * factor;
      scores[t][n][3] *= high * factor;
    }
  }
}
#endif

// Calls use(element, i, j, n, m): output[n][i], output[m][j] are elements `element` and the next of
// the lane's row, where `half` chooses the row.
template <typename Use> __device__ inline void forPairs(int half, Use use) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int step = 0; step < DEPTH_STEPS; step++) {
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
#if KV_FP8
      use(step * 16 + lane % 4 * 4 + pair * 2, step * 2, half * 2 + pair, step * 2 + 1, half * 2 + pair);
#else
      use(step * 16 + pair * 8 + lane % 4 * 2, step * 2 + pair, half * 2, step * 2 + pair, half * 2 + 1);
#endif
    }
  }
}

template <typename S>
__device__ inline void storeRows(const Accumulator<S>& result, const Target& target,
    const int4* rows, int firstRow, float factor) {
  int lane = threadIdx.x % 32;
#pragma unroll
  for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = firstRow + t * 16 + half * 8 + lane / 4;
      if (target.has(row)) {
        float sum = result.sum[t][half];
        float all = target.withSink(sum, row, result.largest[t][half] * factor);
        float inverse = all == 0 ? 0 : OUTPUT_FACTOR / all;
        long long index = target.rowIndex(row, rows[row / GROUP].x);
        forPairs(half, [&](int element, int n, int i, int m, int j) {
          target.store(
              index, element, result.output[t][n][i] * inverse, result.output[t][m][j] * inverse);
        });
        if (lane % 4 == 0) {
          target.storeLogSum(index, result.largest[t][half] * factor + log2f(sum));
        }
      }
    }
  }
}

// Combines the results of the streams for each row, through shared memory.
template <typename S>
__device__ inline void storeStreams(const Accumulator<S>& result, const Target& target,
    const int4* rows, int stream, int firstRow, float factor, float* shared) {
  float* outputs = shared;
  float* largest = outputs + S::STREAMS * S::HEIGHT * STRIDE;
  float* sums = largest + S::STREAMS * S::HEIGHT;
  int lane = threadIdx.x % 32;
  __syncthreads();
#pragma unroll
  for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int row = firstRow + t * 16 + half * 8 + lane / 4;
      if (target.has(row)) {
        int place = stream * S::HEIGHT + row;
        forPairs(half, [&](int element, int n, int i, int m, int j) {
          *reinterpret_cast<float2*>(outputs + place * STRIDE + element) =
              make_float2(result.output[t][n][i], result.output[t][m][j]);
        });
        if (lane % 4 == 0) {
          largest[place] = result.largest[t][half];
          sums[place] = result.sum[t][half];
        }
      }
    }
  }
  __syncthreads();
  for (int pair = threadIdx.x; pair < S::HEIGHT * STRIDE / 2; pair += S::THREADS) {
    int row = pair / (STRIDE / 2);
    int element = pair % (STRIDE / 2) * 2;
    if (!target.has(row)) {
      return;
    }
    float most = -CUDART_INF_F;
    for (int s = 0; s < S::STREAMS; s++) {
      most = fmaxf(most, largest[s * S::HEIGHT + row]);
    }
    float base = most == -CUDART_INF_F ? 0 : most * factor;
    float sum = 0;
    float low = 0;
    float high = 0;
    for (int s = 0; s < S::STREAMS; s++) {
      int place = s * S::HEIGHT + row;
      float weight = power2(largest[place] * factor - base);
      sum += weight * sums[place];
      low += weight * outputs[place * STRIDE + element];
      high += weight * outputs[place * STRIDE + element + 1];
    }
    float all = target.withSink(sum, row, base);
    float inverse = all == 0 ? 0 : OUTPUT_FACTOR / all;
    long long index = target.rowIndex(row, rows[row / GROUP].x);
    target.store(index, element, low * inverse, high * inverse);
    if (element == 0) {
      target.storeLogSum(index, most * factor + log2f(sum));
    }
  }
}

// Copies the rows' queries to shared memory, with zeros behind the last row. For 8-bit keys they are
// converted to f16; of each 16 elements, those come first that meet the low bytes of a key's words.
template <typename S>
__device__ inline void stageQueries(unsigned char* shared, const bf16* queries, const Piece& piece,
    const int4* rows, int head, int heads) {
  for (int index = threadIdx.x; index < S::HEIGHT * DEPTH_STEPS; index += S::THREADS) {
    int row = index / DEPTH_STEPS;
    int step = index % DEPTH_STEPS;
    uint4 low = make_uint4(0, 0, 0, 0);
    uint4 high = low;
    if (row / GROUP < piece.rowCount) {
      long long token = rows[piece.firstRow + row / GROUP].x;
      const uint4* source = reinterpret_cast<const uint4*>(
          queries + (token * heads + head * GROUP + row % GROUP) * STRIDE + step * 16);
      low = source[0];
      high = source[1];
    }
    uint4* target = reinterpret_cast<uint4*>(shared + row * QUERY_PITCH + step * 32);
#if KV_FP8
    auto convert = [](unsigned pair) {
      float2 x = __bfloat1622float2(*reinterpret_cast<__nv_bfloat162*>(&pair));
      return pack(x.x, x.y);
    };
    target[0] = make_uint4(convert(low.x), convert(low.z), convert(high.x), convert(high.z));
    target[1] = make_uint4(convert(low.y), convert(low.w), convert(high.y), convert(high.w));
#else
    target[0] = low;
    target[1] = high;
#endif
  }
}

template <typename S> __device__ inline void syncStream(int stream) {
  if constexpr (S::ROW_WARPS == 1) {
    __syncwarp();
  } else if constexpr (S::STREAMS == 1) {
    __syncthreads();
  } else {
    asm volatile("bar.sync %0, %1;" ::"r"(stream + 1), "n"(S::STREAM_THREADS) : "memory");
  }
}

template <typename S>
__device__ inline void attend(const bf16* queries, const Cached* keys, const Cached* values,
    const float* keyScales, const float* valueScales, const int* pieces, const int4* rows,
    const int* treeMasks, const int* blockTables, bf16* output, float* partials,
    float* partialLogSums, int keyValueHeads, Scoring scoring, const float* sinks) {
  extern __shared__ __align__(16) unsigned char shared[];
  int head = blockIdx.x % keyValueHeads;
  Piece piece = reinterpret_cast<const Piece*>(pieces)[blockIdx.x / keyValueHeads];
  if (piece.rowCount == 0) {
    return;
  }
  Visibility<S>& visibility = *reinterpret_cast<Visibility<S>*>(shared);
  unsigned char* queryTile = shared + S::MASK_BYTES;
  unsigned char* buffers = queryTile + S::QUERY_BYTES;
  int stream = threadIdx.x / S::STREAM_THREADS;
  int thread = threadIdx.x % S::STREAM_THREADS;
  int firstRow = thread / 32 * 16 * S::ROW_TILES;
  int heads = keyValueHeads * GROUP;
  Context<S> context = {keys, values, keyScales, valueScales, blockTables + piece.blockTable, head,
      keyValueHeads, piece.begin, piece.end};
  unsigned streamBuffers = sharedAddress(buffers) + stream * S::STAGES * S::STAGE_BYTES;
  int endTile = (piece.end + S::TILE - 1) / S::TILE;
  int tile = piece.begin / S::TILE + stream;
  int nextTile = tile;
  int laneBlock = context.blockOf(nextTile);
#pragma unroll
  for (int stage = 0; stage < S::STAGES - 1; stage++) {
    if (nextTile < endTile) {
      context.copy(nextTile, laneBlock, Tile<S>(streamBuffers, stage), thread);
      nextTile += S::STREAMS;
      laneBlock = context.blockOf(nextTile);
    }
    commitCopies();
  }
  stageQueries<S>(queryTile, queries, piece, rows, head, heads);
  for (int row = threadIdx.x; row < S::HEIGHT; row += S::THREADS) {
    int4 seen = rows[piece.firstRow + min(row / GROUP, piece.rowCount - 1)];
    visibility.begin[row] = seen.y;
    visibility.end[row] = seen.z;
    visibility.tree[row] = seen.w;
  }
  __syncthreads();
  unsigned queryRows = sharedAddress(queryTile) + firstRow * QUERY_PITCH;
  unsigned kept[S::KEEPS_QUERIES ? DEPTH_STEPS : 1][4];
  if constexpr (S::KEEPS_QUERIES) {
#pragma unroll
    for (int step = 0; step < DEPTH_STEPS; step++) {
      loadQueries(kept[step], queryRows, step);
    }
  }
  int unmaskedBegin = max(piece.begin, piece.unmaskedBegin);
  int unmaskedEnd = min(piece.end, piece.unmaskedEnd);
  Accumulator<S> result;
  int stage = 0;
  for (; tile < endTile; tile += S::STREAMS) {
    awaitCopies<S::STAGES - 2>();
    syncStream<S>(stream);
    if (nextTile < endTile) {
      int free = stage == 0 ? S::STAGES - 1 : stage - 1;
      context.copy(nextTile, laneBlock, Tile<S>(streamBuffers, free), thread);
      nextTile += S::STREAMS;
      laneBlock = context.blockOf(nextTile);
    }
    commitCopies();
    Tile<S> current(streamBuffers, stage);
    Scores<S> scores = {};
    multiplyKeys<S>(scores, queryRows, kept, current);
#if KV_FP8
    scaleColumns<S>(scores, current.keyScales, BIAS_FACTOR);
#endif
#if SOFT_CAP
    cap<S>(scores, scoring);
#endif
    int firstToken = tile * S::TILE;
    if (firstToken < unmaskedBegin || firstToken + S::TILE > unmaskedEnd) {
      mask<S>(scores, firstToken, piece, firstRow, visibility, treeMasks);
    }
    softmax<S>(result, scores, scoring.factor);
#if KV_FP8
    scaleColumns<S>(scores, current.valueScales, WEIGHT_BOOST);
#endif
    multiplyValues<S>(result, scores, current);
    stage = stage == S::STAGES - 1 ? 0 : stage + 1;
  }
#pragma unroll
  for (int t = 0; t < S::ROW_TILES; t++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      result.sum[t][half] = reduceLanes(result.sum[t][half], 4, Sum());
    }
  }
  Target target = {piece, output, partials, partialLogSums, sinks, head, heads};
  const int4* pieceRows = rows + piece.firstRow;
  if constexpr (S::STREAMS == 1) {
    storeRows<S>(result, target, pieceRows, firstRow, scoring.factor);
  } else {
    storeStreams<S>(result, target, pieceRows, stream, firstRow, scoring.factor,
        reinterpret_cast<float*>(buffers));
  }
}

#define ATTENTION(name, shape, blocks)                                                            \
  extern "C" __global__ void __launch_bounds__(shape::THREADS, blocks) name(const bf16* queries,   \
      const Cached* keys, const Cached* values, const float* keyScales, const float* valueScales, \
      const int* pieces, const int4* rows, const int* treeMasks, const int* blockTables,          \
      bf16* output, float* partials, float* partialLogSums, int keyValueHeads, float scale,       \
      float softCap, const float* sinks) {                                                        \
    awaitStream();                                                                                \
    attend<shape>(queries, keys, values, keyScales, valueScales, pieces, rows, treeMasks,         \
        blockTables, output, partials, partialLogSums, keyValueHeads, Scoring(scale, softCap),    \
        sinks);                                                                                   \
  }

ATTENTION(attention_16, Shape16, DECODE_BLOCKS)
ATTENTION(attention_64, Shape64, 1)
ATTENTION(attention_128, Shape128, 1)

// Combines the partial results of a query token, with a warp for each head: their average, weighted by
// the sums of exponentials, whose logarithms to base 2 the pieces have stored.
extern "C" __global__ void __launch_bounds__(256) merge_attention(const float* partials,
    const float* partialLogSums, const int4* merges, const int* mergeSources, bf16* output,
    const float* sinks, int heads) {
  awaitStream();
  int4 merge = merges[blockIdx.x];
  int head = blockIdx.y * 8 + threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  if (head >= heads || merge.z == 0) {
    return;
  }
  float most = -CUDART_INF_F;
  for (int i = lane; i < merge.z; i += 32) {
    most = fmaxf(most, partialLogSums[(long long)mergeSources[merge.y + i] * heads + head]);
  }
  for (int distance = 16; distance > 0; distance /= 2) {
    most = fmaxf(most, __shfl_xor_sync(FULL_WARP, most, distance));
  }
  constexpr int PAIRS = (HEAD_SIZE / 2 + 31) / 32;
  float2 sum[PAIRS] = {};
  float total = withSink(0, sinks, head, most);
  for (int i = 0; i < merge.z; i++) {
    long long index = (long long)mergeSources[merge.y + i] * heads + head;
    float weight = power2(partialLogSums[index] - most);
    total += weight;
    const float2* source = reinterpret_cast<const float2*>(partials + index * HEAD_SIZE);
#pragma unroll
    for (int p = 0; p < PAIRS; p++) {
      if (p * 32 + lane < HEAD_SIZE / 2) {
        float2 x = source[p * 32 + lane];
        sum[p].x += weight * x.x;
        sum[p].y += weight * x.y;
      }
    }
  }
  __nv_bfloat162* target =
      reinterpret_cast<__nv_bfloat162*>(output + ((long long)merge.x * heads + head) * HEAD_SIZE);
#pragma unroll
  for (int p = 0; p < PAIRS; p++) {
    if (p * 32 + lane < HEAD_SIZE / 2) {
      target[p * 32 + lane] = __floats2bfloat162_rn(sum[p].x / total, sum[p].y / total);
    }
  }
}
