// Flash attention for tall tiles on Hopper (Shah et al., "FlashAttention-3", 2024). A block stays on
// its multiprocessor and does one unit (a piece of AttentionPlanner's list, for one KV head) after
// the other. One warpgroup brings queries, keys and values to shared memory, also those of the units
// to come; the others multiply (wgmma), each 64 of the tile's rows: the scores of a tile of tokens
// are computed while the softmax of the tile before is, and while one warpgroup is at a softmax the
// next is at its products. Keys and values of 8 bits are made bf16, with their scales, on the way.
#include "attention.cuh"
#include "paged_tile.cuh"

#if KV_FP8
#define OPERAND "f16"
#else
#define OPERAND "bf16"
#endif
#include "warpgroup.cuh"

#ifndef TILE_TOKENS
#define TILE_TOKENS (STRIDE == 64 && !KV_FP8 ? 128 : 64)
#endif
#ifndef TILE_STAGES
#define TILE_STAGES (STRIDE > 128 ? 2 : TILE_TOKENS > 64 || KV_FP8 ? 3 : 4)
#endif
#ifndef PRODUCER_WARPGROUPS
#define PRODUCER_WARPGROUPS (KV_FP8 ? 2 : 1)
#endif

// AttentionShape in Java knows these numbers too.
constexpr int WARPGROUP = 128;
constexpr int CONSUMERS = 2;
constexpr int HEIGHT = 64 * CONSUMERS;
constexpr int TILE = TILE_TOKENS;
constexpr int STAGES = TILE_STAGES;
constexpr int QUERY_STAGES = STRIDE > 128 ? 1 : 2;
constexpr int THREADS = WARPGROUP * (PRODUCER_WARPGROUPS + CONSUMERS);
// Half of the first threads bring queries and keys, and half values.
constexpr int PRODUCERS = PRODUCER_WARPGROUPS * WARPGROUP / 2;

static_assert(STRIDE == 64 || STRIDE == 128 || STRIDE == 256, "heads are whole panels");
static_assert(HEAD_SIZE == STRIDE, "rows of output are whole 16-byte chunks");

constexpr int TILE_BYTES = TILE * STRIDE * 2;
constexpr int QUERY_BYTES = HEIGHT * STRIDE * 2;
// 8-bit keys or values on their way, of each half of the producers.
constexpr int RAW_STAGES = KV_FP8 ? 2 : 0;
constexpr int RAW_BYTES = TILE * STRIDE;
// The tokens' scales of a stage.
constexpr int SCALE_BYTES = KV_FP8 ? TILE * 4 : 0;

// What the consumers need to know of a unit.
struct Unit {
  Piece piece;
  // For each query token; AttentionPlan says what.
  int4 rows[HEIGHT];
};

using TileChannel = Channel<STAGES, TILE_BYTES>;
using QueryChannel = Channel<QUERY_STAGES, QUERY_BYTES>;

// Offsets in shared memory. Keys' places come before values'.
constexpr int TILES = QueryChannel::ALL_BYTES;
constexpr int RAW = TILES + 2 * TileChannel::ALL_BYTES;
constexpr int SCALES = RAW + 2 * RAW_STAGES * RAW_BYTES;
constexpr int UNITS = SCALES + 2 * STAGES * SCALE_BYTES;
constexpr int QUERY_BARRIERS = UNITS + QUERY_STAGES * (int)sizeof(Unit);
constexpr int TILE_BARRIERS = QUERY_BARRIERS + QueryChannel::BARRIERS_BYTES;

struct Arguments {
  const bf16* queries;
  const Cached* keys;
  const Cached* values;
  const float* keyScales;
  const float* valueScales;
  const Piece* pieces;
  const int4* rows;
  const int* treeMasks;
  const int* blockTables;
  bf16* output;
  float* partials;
  float* partialLogSums;
  int keyValueHeads;
  float scale;
  int pieceCount;
};

__device__ inline QueryChannel queryChannel(unsigned shared) {
  return QueryChannel(shared, shared + QUERY_BARRIERS);
}

// Of keys (0) or values (1).
__device__ inline TileChannel tileChannel(unsigned shared, int side) {
  return TileChannel(shared + TILES + side * TileChannel::ALL_BYTES,
      shared + TILE_BARRIERS + side * TileChannel::BARRIERS_BYTES);
}

__device__ inline unsigned scalesOf(unsigned shared, int side, int stage) {
  return shared + SCALES + (side * STAGES + stage) * SCALE_BYTES;
}

// The unit of a block in a round; behind the last, none. The longest pieces come first, so blocks
// take them in turns to and fro.
__device__ inline int unitOf(int round) {
  int block = round % 2 == 0 ? blockIdx.x : gridDim.x - 1 - blockIdx.x;
  return round * gridDim.x + block;
}

using Source = PagedTile<TILE>;

// The tiles of a block's units one after the other. What the next needs is looked up ahead.
struct Walk {
  const Arguments& arguments;
  int round = 0;
  int unit;
  Piece piece = {};
  // Lane i has the i-th int of the next unit's piece, not looked at before it is needed.
  int nextPiece;
  int tile;
  int laneBlock;

  __device__ Walk(const Arguments& arguments) : arguments(arguments) {
    nextPiece = lanePiece(0);
    begin();
  }

  // Padding, which is empty, comes last.
  __device__ bool hasTile() const { return piece.rowCount > 0; }
  __device__ bool isFirst() const { return tile == piece.begin / TILE; }

  __device__ Source source() const {
    return {arguments.keyValueHeads, unit % arguments.keyValueHeads, tile * TILE, piece.begin,
        piece.end, laneBlock};
  }

  __device__ void advance() {
    tile++;
    if (tile * TILE < piece.end) {
      lookUp();
    } else {
      round++;
      begin();
    }
  }

  __device__ void begin() {
    unit = unitOf(round);
    piece.firstRow = __shfl_sync(FULL_WARP, nextPiece, 0);
    piece.rowCount = __shfl_sync(FULL_WARP, nextPiece, 1);
    piece.blockTable = __shfl_sync(FULL_WARP, nextPiece, 2);
    piece.begin = __shfl_sync(FULL_WARP, nextPiece, 3);
    piece.end = __shfl_sync(FULL_WARP, nextPiece, 4);
    if (hasTile()) {
      nextPiece = lanePiece(round + 1);
      tile = piece.begin / TILE;
      lookUp();
    }
  }

  __device__ void lookUp() {
    laneBlock = Source::lookUp(
        arguments.blockTables + piece.blockTable, tile * TILE, piece.begin, piece.end);
  }

  // Zeros behind the last.
  __device__ int lanePiece(int round) const {
    constexpr int INTS = sizeof(Piece) / 4;
    int unit = unitOf(round);
    const int* source =
        reinterpret_cast<const int*>(arguments.pieces + unit / arguments.keyValueHeads);
    return unit < arguments.pieceCount * arguments.keyValueHeads
        ? source[threadIdx.x % INTS]
        : 0;
  }
};

// Brings tiles of keys (side 0) or values (1) in two steps: a tile is on its way while the one
// before is passed on.
#if KV_FP8
// 8-bit tiles come to a place of their own and are made f16 from there.
struct Loader {
  static constexpr int CHUNKS = STRIDE / 16;
  static constexpr int ROWS = PRODUCERS / CHUNKS;
  static constexpr int PASSES = TILE / ROWS;
  static constexpr int SCALES_EACH = (TILE + PRODUCERS - 1) / PRODUCERS;
  static_assert(PASSES % 2 == 0, "chunks are widened in pairs of passes");

  const Arguments& arguments;
  unsigned shared;
  int side;
  unsigned thread;
  TileChannel channel;
  int raw = 0;
  float scales[SCALES_EACH];
  float nextScales[SCALES_EACH];

  __device__ Loader(const Arguments& arguments, unsigned shared, int side, unsigned thread)
      : arguments(arguments), shared(shared), side(side), thread(thread),
        channel(tileChannel(shared, side)) {}

  __device__ unsigned rawTile() const {
    return shared + RAW + (side * RAW_STAGES + raw) * RAW_BYTES;
  }

  __device__ void begin(const Source& source) {
    unsigned target = rawTile();
    source.copyRows<PRODUCERS>(side == 0 ? arguments.keys : arguments.values, thread,
        [=](unsigned row, unsigned chunk) { return target + (row * CHUNKS + chunk) * 16; });
    keepScales();
    const float* all = side == 0 ? arguments.keyScales : arguments.valueScales;
#pragma unroll
    for (int i = 0; i < SCALES_EACH; i++) {
      int row = thread + i * PRODUCERS;
      long long slot = source.slot(row);
      nextScales[i] = row < TILE && source.has(row) ? all[slot] : 0;
    }
    raw ^= 1;
  }

  // A thread widens the chunks that it has copied itself.
  __device__ void finish(bool isLast) {
    if (isLast) {
      raw ^= 1;
      keepScales();
    }
    unsigned row = thread / CHUNKS;
    unsigned chunk = thread % CHUNKS * 2;
    // Neighbouring panels have the same banks: their threads store their halves in turns.
    unsigned turn = chunk / PANEL_CHUNKS % 2;
    unsigned from = rawTile() + thread * 16;
    channel.awaitEmpty();
#pragma unroll
    for (int i = 0; i < SCALES_EACH; i++) {
      int token = thread + i * PRODUCERS;
      if (token < TILE) {
        asm volatile("st.shared.f32 [%0], %1;" ::"r"(
                         scalesOf(shared, side, channel.stage) + token * 4),
                     "f"(scales[i]));
      }
    }
    static_assert(ROWS % 8 == 0, "a thread's chunks are permuted alike in each pass");
    unsigned to[2] = {channel.buffer() + chunkOffset(row, chunk + turn, TILE),
        channel.buffer() + chunkOffset(row, chunk + (turn ^ 1), TILE)};
#pragma unroll 1
    for (int pass = 0; pass < PASSES; pass += 2) {
      uint2 words[4];
#pragma unroll
      for (unsigned i = 0; i < 4; i++) {
        asm volatile("ld.shared.v2.u32 {%0, %1}, [%2];"
                     : "=r"(words[i].x), "=r"(words[i].y)
                     : "r"(from + (turn ^ i % 2) * 8 + i / 2 * PRODUCERS * 16));
      }
#pragma unroll
      for (unsigned i = 0; i < 4; i++) {
        uint4 wide;
        widen(words[i].x, wide.x, wide.y);
        widen(words[i].y, wide.z, wide.w);
        asm volatile("st.shared.v4.u32 [%0], {%1, %2, %3, %4};" ::"r"(
                         to[i % 2] + i / 2 * ROWS * PANEL_BYTES),
                     "r"(wide.x), "r"(wide.y), "r"(wide.z), "r"(wide.w));
      }
      from += 2 * PRODUCERS * 16;
      to[0] += 2 * ROWS * PANEL_BYTES;
      to[1] += 2 * ROWS * PANEL_BYTES;
    }
    publishToProducts();
    arrive(channel.full());
    channel.advance();
  }

  __device__ void keepScales() {
#pragma unroll
    for (int i = 0; i < SCALES_EACH; i++) {
      scales[i] = nextScales[i];
    }
  }
};
#else
struct Loader {
  const Arguments& arguments;
  int side;
  unsigned thread;
  // Where the next tile goes, and where the one is that is passed on next.
  TileChannel begun;
  TileChannel passed;

  __device__ Loader(const Arguments& arguments, unsigned shared, int side, unsigned thread)
      : arguments(arguments), side(side), thread(thread), begun(tileChannel(shared, side)),
        passed(begun) {}

  __device__ void begin(const Source& source) {
    begun.awaitEmpty();
    unsigned target = begun.buffer();
    source.copyRows<PRODUCERS>(side == 0 ? arguments.keys : arguments.values, thread,
        [=](unsigned row, unsigned chunk) { return target + chunkOffset(row, chunk, TILE); });
    begun.advance();
  }

  __device__ void finish(bool) {
    publishToProducts();
    arrive(passed.full());
    passed.advance();
  }
};
#endif

// Brings units' queries, zeros behind the last row, and what there is to know about them.
struct QueryLoader {
  static constexpr unsigned CHUNKS = STRIDE / 8;
  static constexpr unsigned ROWS = PRODUCERS / CHUNKS;
  static constexpr unsigned PASSES = HEIGHT / ROWS;
  static constexpr int QUERIES = HEIGHT / GROUP;

  const Arguments& arguments;
  unsigned shared;
  unsigned thread;
  QueryChannel channel;
  bool pending = false;

  __device__ QueryLoader(const Arguments& arguments, unsigned shared, unsigned thread)
      : arguments(arguments), shared(shared), thread(thread), channel(queryChannel(shared)) {}

  __device__ unsigned unit() const { return shared + UNITS + channel.stage * (int)sizeof(Unit); }

  __device__ void begin(int index, const Piece& piece) {
    const int4* rows = arguments.rows + piece.firstRow;
    // Lane i knows the tokens of queries i, i + 32, ...
    int laneTokens[(QUERIES + 31) / 32];
#pragma unroll
    for (int i = 0; i < (QUERIES + 31) / 32; i++) {
      int query = i * 32 + thread % 32;
      laneTokens[i] = query < piece.rowCount ? rows[query].x : -1;
    }
    unsigned chunk = thread % CHUNKS;
    int tokenBytes = arguments.keyValueHeads * GROUP * STRIDE * 2;
    const char* source = reinterpret_cast<const char*>(
        arguments.queries + index % arguments.keyValueHeads * GROUP * STRIDE + chunk * 8);
    channel.awaitEmpty();
    unsigned target = channel.buffer();
#pragma unroll
    for (unsigned pass = 0; pass < PASSES; pass++) {
      unsigned row = thread / CHUNKS + pass * ROWS;
      static_assert(32 % ROWS == 0, "the rows of a pass have their tokens in one register");
      unsigned word = min(pass * ROWS / GROUP, QUERIES - 1u) / 32;
      int token = __shfl_sync(FULL_WARP, laneTokens[word], row / GROUP % 32);
      bool there = token >= 0 && row / GROUP < QUERIES;
      copyChunk(target + chunkOffset(row, chunk, HEIGHT),
          source + (long long)max(token, 0) * tokenBytes + row % GROUP * STRIDE * 2,
          there ? 16 : 0);
    }
    if (thread < sizeof(Piece) / 16) {
      const uint4* source =
          reinterpret_cast<const uint4*>(arguments.pieces + index / arguments.keyValueHeads);
      copyChunk(unit() + thread * 16, source + thread, 16);
    }
    for (int i = thread; i < piece.rowCount; i += PRODUCERS) {
      copyChunk(unit() + sizeof(Piece) + i * 16, rows + i, 16);
    }
    pending = true;
  }

  __device__ void finish() {
    if (pending) {
#if KV_FP8
      makeHalves();
#endif
      publishToProducts();
      arrive(channel.full());
      channel.advance();
      pending = false;
    }
  }

  // A thread makes f16 of the chunks that it has copied itself.
  __device__ void makeHalves() const {
    unsigned row = thread / CHUNKS;
    unsigned chunk = thread % CHUNKS;
#pragma unroll 4
    for (unsigned pass = 0; pass < PASSES; pass++) {
      unsigned address = channel.buffer() + chunkOffset(row + pass * ROWS, chunk, HEIGHT);
      unsigned pairs[4];
      asm volatile("ld.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
                   : "=r"(pairs[0]), "=r"(pairs[1]), "=r"(pairs[2]), "=r"(pairs[3])
                   : "r"(address));
#pragma unroll
      for (int i = 0; i < 4; i++) {
        float2 x = __bfloat1622float2(*reinterpret_cast<__nv_bfloat162*>(&pairs[i]));
        pairs[i] = pack(x.x, x.y);
      }
      asm volatile("st.shared.v4.u32 [%0], {%1, %2, %3, %4};" ::"r"(address), "r"(pairs[0]),
                   "r"(pairs[1]), "r"(pairs[2]), "r"(pairs[3]));
    }
  }

  // An empty unit says that there are no more.
  __device__ void end() {
    channel.awaitEmpty();
    if (thread < sizeof(Piece) / 16) {
      asm volatile("st.shared.v4.u32 [%0], {%1, %1, %1, %1};" ::"r"(unit() + thread * 16), "r"(0)
                   : "memory");
    }
    arrive(channel.full());
  }
};

// Whether a tile's copies begin before the one before is passed on. With two stages they would wait
// for consumers that wait for that one; but 8-bit tiles begin elsewhere.
constexpr bool BEGINS_AHEAD = STAGES > 2 || KV_FP8;

__device__ inline void produce(const Arguments& arguments, unsigned shared) {
  int side = __shfl_sync(FULL_WARP, threadIdx.x / PRODUCERS, 0);
  unsigned thread = threadIdx.x % PRODUCERS;
  Walk walk(arguments);
  Loader loader(arguments, shared, side, thread);
  QueryLoader queries(arguments, shared, thread);
  bool pending = false;
  while (walk.hasTile()) {
    loader.begin(walk.source());
    commitCopies();
    if (pending || !BEGINS_AHEAD) {
      awaitCopies<BEGINS_AHEAD ? 1 : 0>();
      queries.finish();
      loader.finish(false);
    }
    if (side == 0 && walk.isFirst()) {
      queries.begin(walk.unit, walk.piece);
      commitCopies();
    }
    pending = true;
    walk.advance();
  }
  if (pending) {
    awaitCopies<0>();
    queries.finish();
    if (BEGINS_AHEAD) {
      loader.finish(true);
    }
  }
  if (side == 0) {
    queries.end();
  }
}

using Scores = float[TILE / 2];
using Output = float[STRIDE / 2];
// Scores' softmax as the left operands of products.
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
    multiplyRegisters<STRIDE>(output, weights[step], right + step * PANEL_BYTES, 1);
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

  // Turns scores into weights relative to the largest score so far. True where what was summed
  // before must be rescaled, in some thread of the warp.
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
      // Where nothing is visible yet, any number that is finite.
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

// Four lanes have 8 bytes of each of four chunks; makes one chunk of each lane of them.
__device__ inline uint4 gatherChunk(unsigned (&x)[4]) {
  int lane = threadIdx.x % 4;
#pragma unroll
  for (int i = 0; i < 4; i += 2) {
    unsigned other = __shfl_xor_sync(FULL_WARP, lane % 2 == 0 ? x[i + 1] : x[i], 1);
    (lane % 2 == 0 ? x[i + 1] : x[i]) = other;
  }
#pragma unroll
  for (int i = 0; i < 2; i++) {
    unsigned other = __shfl_xor_sync(FULL_WARP, lane < 2 ? x[i + 2] : x[i], 2);
    (lane < 2 ? x[i + 2] : x[i]) = other;
  }
  return make_uint4(x[0], x[1], x[2], x[3]);
}

__device__ inline void storeRows(const Output& output, const Softmax& softmax, const Target& target,
    int firstRow, const int4 (&rows)[2]) {
  int lane = threadIdx.x % 4;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float sum = reduceLanes(softmax.sum[half], 4, Sum());
    int row = firstRow + half * 8;
    bool stores = target.has(row);
    float inverse = sum == 0 ? 0 : OUTPUT_FACTOR / sum;
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

// One unit's rows of one warpgroup.
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
    beginProducts();
    multiplyKeys(scores, queries.buffer() + warpgroup * 64 * PANEL_BYTES, keys.buffer());
    commitProducts();
  }

  // Scores are there: masks them and makes weights of them.
  __device__ bool finishScores(Scores& scores, Softmax& softmax, const Piece& piece, int first,
      const int4 (&rows)[2]) {
    hold(scores);
#if KV_FP8
    scaleColumns(scores, scalesOf(shared, 0, keys.stage), BIAS_FACTOR);
#endif
    keys.release();
    if (first < max(piece.begin, piece.unmaskedBegin) ||
        first + TILE > min(piece.end, piece.unmaskedEnd)) {
      mask(scores, first, piece, rows, arguments.treeMasks);
    }
    return softmax.add(scores);
  }

  // Ends products of values in flight, and makes the left operands of the next.
  __device__ void settle(Output& output, Weights& weights, Scores& scores, const Softmax& softmax,
      bool multiplies, bool rescales) {
    awaitProducts<0>();
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
    beginProducts();
    multiplyValues(output, weights, values.buffer());
    commitProducts();
  }

  __device__ void attend(const Unit& unit, int head) {
    int thread = threadIdx.x % WARPGROUP;
    // The thread's rows are this one and the eighth behind it.
    int firstRow = warpgroup * 64 + thread / 32 * 16 + thread % 32 / 4;
    Piece piece = unit.piece;
    int4 rows[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
      rows[half] = unit.rows[min((firstRow + half * 8) / GROUP, piece.rowCount - 1)];
    }
    Softmax softmax(arguments.scale * LOG2_E);
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
    awaitProducts<0>();
    finishScores(scores, softmax, piece, tile * TILE, rows);
    // The wait for products of values must be at the loop's begin: the compiler would move it
    // before the softmax that they are to run beside, but for the jump between.
    for (tile++; tile < endTile; tile++) {
      settle(output, weights, scores, softmax, multiplies, rescales);
      issueScores(scores);
      issueValues(output, weights);
      multiplies = true;
      awaitProducts<1>();
      rescales = finishScores(scores, softmax, piece, tile * TILE, rows);
    }
    queries.release();
    settle(output, weights, scores, softmax, multiplies, rescales);
    issueValues(output, weights);
    awaitProducts<0>();
    hold(output);
    values.release();
    Target target = {piece, arguments.output, arguments.partials, arguments.partialLogSums, head,
        arguments.keyValueHeads * GROUP};
    storeRows(output, softmax, target, firstRow, rows);
  }
};

__device__ inline void consume(
    const Arguments& arguments, unsigned address, const unsigned char* shared) {
  // The same in all lanes, which lets the compiler keep what follows from it in uniform registers.
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

extern "C" __global__ void __launch_bounds__(THREADS, 1) attention_warpgroup(const bf16* queries,
    const Cached* keys, const Cached* values, const float* keyScales, const float* valueScales,
    const int* pieces, const int4* rows, const int* treeMasks, const int* blockTables, bf16* output,
    float* partials, float* partialLogSums, int keyValueHeads, float scale, int pieceCount) {
  awaitStream();
  extern __shared__ __align__(1024) unsigned char shared[];
  Arguments arguments = {queries, keys, values, keyScales, valueScales,
      reinterpret_cast<const Piece*>(pieces), rows, treeMasks, blockTables, output, partials,
      partialLogSums, keyValueHeads, scale, pieceCount};
  unsigned address = sharedAddress(shared);
  if (threadIdx.x == 0) {
    constexpr int CONSUMER_WARPS = CONSUMERS * WARPGROUP / 32;
    queryChannel(address).initialize(PRODUCERS, CONSUMER_WARPS);
    tileChannel(address, 0).initialize(PRODUCERS, CONSUMER_WARPS);
    tileChannel(address, 1).initialize(PRODUCERS, CONSUMER_WARPS);
  }
  __syncthreads();
  // A multiprocessor's registers, dealt out in steps of 8.
  constexpr int PRODUCER_REGISTERS = PRODUCER_WARPGROUPS == 2 || STRIDE > 128 ? 56 : 72;
  constexpr int CONSUMER_REGISTERS = PRODUCER_WARPGROUPS == 2 ? 200 : STRIDE > 128 ? 224 : 216;
  if (threadIdx.x < 2 * PRODUCERS) {
    leaveRegisters<PRODUCER_REGISTERS>();
    produce(arguments, address);
  } else {
    takeRegisters<CONSUMER_REGISTERS>();
    consume(arguments, address, shared);
  }
}
