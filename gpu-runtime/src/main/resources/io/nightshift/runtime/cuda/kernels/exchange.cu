// What the ranks of a tensor-parallel group exchange besides the sums of norm.cu: logits, of which each
// rank has computed the columns of its share of the vocabulary, and what is sampled from them. Rows are
// dealt to the ranks: each samples from whole rows, and publishes its results to all others.
//
// Compiled with -DRANKS.
//
// await_peers(Peers peers, u64 step, i32 exchange)
//     ends when all ranks have arrived; grid 1, block 32
// gather_rows(f32 shard[][columns], i32 columns, i64 offsets[RANKS], i32 firstRow, i32 vocabulary,
//     f32 rows[count][vocabulary])               rows firstRow to firstRow + count - 1 of all ranks' shards
//     grid (ceil(vocabulary / 1024), count), block 256
// gather_cells(f32 shard[][columns], i32 columns, i64 offsets[RANKS], i32 cells[count][2: row, column],
//     f32 target[count], i32 count)              grid ceil(count / 256), block 256
// publish(i32 values[count], i32 count, i64 offsets[RANKS])
//     copies numbers to the same place in the memory of the other ranks; grid ceil(count / 256), block 256
#include "peers.cuh"

constexpr int ELEMENTS = 4;

// Logit `column` of a row, in the shard of the rank that has it.
__device__ inline float logitOf(const float* shard, int columns, const long long* offsets,
    long long row, int column) {
  return ofPeer(shard, offsets, column / columns)[row * columns + column % columns];
}

extern "C" __global__ void __launch_bounds__(32)
    await_peers(const Peers* peers, const unsigned long long* step, int exchange) {
  awaitStream();
  awaitPeers(peers, step, exchange);
}

extern "C" __global__ void __launch_bounds__(256) gather_rows(const float* shard, int columns,
    const long long* offsets, int firstRow, int vocabulary, float* rows) {
  awaitStream();
  long long row = firstRow + blockIdx.y;
  float* target = rows + (long long)blockIdx.y * vocabulary;
  int first = (blockIdx.x * blockDim.x + threadIdx.x) * ELEMENTS;
  if (columns % ELEMENTS == 0 && vocabulary % ELEMENTS == 0) {
    if (first < vocabulary) {
      const float* source =
          ofPeer(shard, offsets, first / columns) + row * columns + first % columns;
      *reinterpret_cast<float4*>(target + first) = *reinterpret_cast<const float4*>(source);
    }
    return;
  }
  for (int column = first; column < min(first + ELEMENTS, vocabulary); column++) {
    target[column] = logitOf(shard, columns, offsets, row, column);
  }
}

extern "C" __global__ void __launch_bounds__(256) gather_cells(const float* shard, int columns,
    const long long* offsets, const int2* cells, float* target, int count) {
  awaitStream();
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    target[i] = logitOf(shard, columns, offsets, cells[i].x, cells[i].y);
  }
}

extern "C" __global__ void __launch_bounds__(256)
    publish(int* values, int count, const long long* offsets) {
  awaitStream();
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
#pragma unroll
    for (int rank = 0; rank < RANKS; rank++) {
      if (offsets[rank] != 0) {
        ofPeer(values, offsets, rank)[i] = values[i];
      }
    }
  }
}
