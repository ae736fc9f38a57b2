// The producers of attention_warpgroup.cu: they copy the queries, keys and values of units to shared
// memory, also those of the next units.
#pragma once

#include "attention_layout.cuh"
#include "paged_tile.cuh"

using Source = PagedTile<TILE>;

// Iterates over the tiles of a block's units. What the next tile needs is looked up ahead.
struct Walk {
  const Arguments& arguments;
  int round = 0;
  int unit;
  Piece piece = {};
  // Lane i has the i-th int of the next unit's piece, which is not read before it is needed.
  int nextPiece;
  int tile;
  int laneBlock;

  __device__ Walk(const Arguments& arguments) : arguments(arguments) {
    nextPiece = lanePiece(0);
    begin();
  }

  // Empty pieces are padding, and come last.
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

  // Zeros behind the last unit.
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

// Copies tiles of keys (side 0) or values (1) in two steps: a tile is being copied while the one before
// is passed on.
#if KV_FP8
// 8-bit tiles are copied to separate buffers, and converted to f16 from there.
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

  // A thread widens the chunks that it has copied.
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
    publishToMma();
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
  // The channel at the next tile to copy, and at the next one to pass on.
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
    publishToMma();
    arrive(passed.full());
    passed.advance();
  }
};
#endif

// Copies the queries of units, with zeros behind the last row, and what consumers need of the unit.
struct QueryLoader {
  static constexpr unsigned CHUNKS = STRIDE / 8;
  static constexpr unsigned ROWS = PRODUCERS / CHUNKS;
  static constexpr unsigned PASSES = HEIGHT / ROWS;
  static constexpr int QUERIES = HEIGHT / GROUP;
  // Registers for the tokens of all queries, and passes over the rows of one of them.
  static constexpr unsigned WORDS = (QUERIES + 31) / 32;
  static constexpr unsigned WORD_PASSES = 32 * GROUP / ROWS;
  static_assert(32 % ROWS == 0, "the rows of a pass have their tokens in one register");
  // For large heads the passes would be too long for the instruction cache, and 8-bit caches have more
  // other code.
  static constexpr int UNROLLED = STRIDE > 128 || KV_FP8 ? 4 : PASSES;

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
    int laneTokens[WORDS];
#pragma unroll
    for (int i = 0; i < WORDS; i++) {
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
    for (unsigned word = 0; word < WORDS; word++) {
#pragma unroll UNROLLED
      for (unsigned pass = word * WORD_PASSES; pass < min((word + 1) * WORD_PASSES, PASSES);
           pass++) {
        unsigned row = thread / CHUNKS + pass * ROWS;
        int token = __shfl_sync(FULL_WARP, laneTokens[word], row / GROUP % 32);
        bool there = token >= 0 && row / GROUP < QUERIES;
        copyChunk(target + chunkOffset(row, chunk, HEIGHT),
            source + (long long)max(token, 0) * tokenBytes + row % GROUP * STRIDE * 2,
            there ? 16 : 0);
      }
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
      publishToMma();
      arrive(channel.full());
      channel.advance();
      pending = false;
    }
  }

  // A thread converts the chunks that it has copied to f16.
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

  // An empty unit tells consumers that there are no more.
  __device__ void end() {
    channel.awaitEmpty();
    if (thread < sizeof(Piece) / 16) {
      asm volatile("st.shared.v4.u32 [%0], {%1, %1, %1, %1};" ::"r"(unit() + thread * 16), "r"(0)
                   : "memory");
    }
    arrive(channel.full());
  }
};

// Whether the copy of a tile starts before the last one is passed on. With two stages it would wait for
// consumers that wait for that one; but 8-bit tiles are copied to separate buffers.
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
